/**
 * The part of TensorFlow's C API (`tensorflow/c/c_api.h`, `tensorflow/c/eager/c_api.h`) that eager execution needs, as
 * Deno FFI signatures. Handles travel as 64-bit integers, so that no pointer object is made on the hot path.
 *
 * @module
 */

/** `TF_DataType`. */
export const DataType = {
  FLOAT: 1,
  INT32: 3,
  UINT8: 4,
  INT16: 5,
  STRING: 7,
  COMPLEX64: 8,
  INT64: 9,
  BOOL: 10,
  BFLOAT16: 14,
  RESOURCE: 20,
} as const;

/** `TF_AttrType`. */
export const AttrType = {
  STRING: 0,
  INT: 1,
  FLOAT: 2,
  BOOL: 3,
  TYPE: 4,
  SHAPE: 5,
  RESOURCE: 6,
} as const;

/** Functions of the library, named as in C. */
export const SYMBOLS = {
  TF_Version: { parameters: [], result: "pointer" },
  TF_NewStatus: { parameters: [], result: "u64" },
  TF_GetCode: { parameters: ["u64"], result: "i32" },
  TF_Message: { parameters: ["u64"], result: "pointer" },
  TF_AllocateTensor: {
    parameters: ["i32", "buffer", "i32", "usize"],
    result: "u64",
  },
  TF_DeleteTensor: { parameters: ["u64"], result: "void" },
  TF_TensorData: { parameters: ["u64"], result: "u64" },
  TF_TensorByteSize: { parameters: ["u64"], result: "usize" },
  TF_DeviceListCount: { parameters: ["u64"], result: "i32" },
  TF_DeviceListName: { parameters: ["u64", "i32", "u64"], result: "pointer" },
  TF_DeviceListType: { parameters: ["u64", "i32", "u64"], result: "pointer" },
  TF_DeleteDeviceList: { parameters: ["u64"], result: "void" },
  TFE_NewContextOptions: { parameters: [], result: "u64" },
  TFE_ContextOptionsSetConfig: {
    parameters: ["u64", "buffer", "usize", "u64"],
    result: "void",
  },
  TFE_DeleteContextOptions: { parameters: ["u64"], result: "void" },
  TFE_NewContext: { parameters: ["u64", "u64"], result: "u64" },
  TFE_ContextListDevices: { parameters: ["u64", "u64"], result: "u64" },
  TFE_NewOp: { parameters: ["u64", "buffer", "u64"], result: "u64" },
  TFE_DeleteOp: { parameters: ["u64"], result: "void" },
  TFE_OpAddInput: { parameters: ["u64", "u64", "u64"], result: "void" },
  TFE_OpSetAttrString: {
    parameters: ["u64", "buffer", "buffer", "usize"],
    result: "void",
  },
  TFE_OpSetAttrStringList: {
    parameters: ["u64", "buffer", "buffer", "buffer", "i32"],
    result: "void",
  },
  TFE_OpSetAttrTypeList: {
    parameters: ["u64", "buffer", "buffer", "i32"],
    result: "void",
  },
  TFE_OpSetAttrInt: { parameters: ["u64", "buffer", "i64"], result: "void" },
  TFE_OpSetAttrIntList: {
    parameters: ["u64", "buffer", "buffer", "i32"],
    result: "void",
  },
  TFE_OpSetAttrFloat: { parameters: ["u64", "buffer", "f32"], result: "void" },
  TFE_OpSetAttrFloatList: {
    parameters: ["u64", "buffer", "buffer", "i32"],
    result: "void",
  },
  TFE_OpSetAttrBool: { parameters: ["u64", "buffer", "u8"], result: "void" },
  TFE_OpSetAttrBoolList: {
    parameters: ["u64", "buffer", "buffer", "i32"],
    result: "void",
  },
  TFE_OpSetAttrType: { parameters: ["u64", "buffer", "i32"], result: "void" },
  TFE_OpSetAttrShape: {
    parameters: ["u64", "buffer", "buffer", "i32", "u64"],
    result: "void",
  },
  TFE_Execute: {
    parameters: ["u64", "buffer", "buffer", "u64"],
    result: "void",
  },
  TFE_NewTensorHandle: { parameters: ["u64", "u64"], result: "u64" },
  TFE_DeleteTensorHandle: { parameters: ["u64"], result: "void" },
  TFE_TensorHandleDataType: { parameters: ["u64"], result: "i32" },
  TFE_TensorHandleNumDims: { parameters: ["u64", "u64"], result: "i32" },
  TFE_TensorHandleDim: { parameters: ["u64", "i32", "u64"], result: "i64" },
  TFE_TensorHandleResolve: { parameters: ["u64", "u64"], result: "u64" },
  TFE_TensorHandleCopyToDevice: {
    parameters: ["u64", "u64", "buffer", "u64"],
    result: "u64",
  },
  // Found through the library's own dependency on libc, so that nothing else is opened.
  memcpy: { parameters: ["u64", "buffer", "usize"], result: "pointer" },
} as const satisfies Deno.ForeignLibraryInterface;

/** The loaded functions. */
export type CApi = Deno.DynamicLibrary<typeof SYMBOLS>["symbols"];

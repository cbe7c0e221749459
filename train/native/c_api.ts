/**
 * The part of TensorFlow's C API (`tensorflow/c/c_api.h`, `tensorflow/c/eager/c_api.h`) that eager execution and functions
 * need, as Deno FFI signatures. Handles travel as 64-bit integers, so that no pointer object is made on the hot path.
 *
 * @module
 */

/** `TF_DataType`. */
export const DataType = {
  FLOAT: 1,
  INT32: 3,
  UINT8: 4,
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

/** What sets an attribute of each kind, of an op or of a graph's node alike. */
const ATTR_SETTERS = {
  String: {
    parameters: ["u64", "buffer", "buffer", "usize"],
    result: "void",
  },
  StringList: {
    parameters: ["u64", "buffer", "buffer", "buffer", "i32"],
    result: "void",
  },
  Int: { parameters: ["u64", "buffer", "i64"], result: "void" },
  IntList: { parameters: ["u64", "buffer", "buffer", "i32"], result: "void" },
  Float: { parameters: ["u64", "buffer", "f32"], result: "void" },
  FloatList: { parameters: ["u64", "buffer", "buffer", "i32"], result: "void" },
  Bool: { parameters: ["u64", "buffer", "u8"], result: "void" },
  BoolList: { parameters: ["u64", "buffer", "buffer", "i32"], result: "void" },
  Type: { parameters: ["u64", "buffer", "i32"], result: "void" },
  TypeList: { parameters: ["u64", "buffer", "buffer", "i32"], result: "void" },
} as const satisfies Deno.ForeignLibraryInterface;

/** Kind of attribute that has a setter of the same arguments for ops and for nodes; shapes have not. */
export type AttrKind = keyof typeof ATTR_SETTERS;

function settersOf<Prefix extends string>(prefix: Prefix) {
  return Object.fromEntries(
    Object.entries(ATTR_SETTERS).map((
      [kind, setter],
    ) => [prefix + kind, setter]),
  ) as {
    [Kind in AttrKind as `${Prefix}${Kind}`]: typeof ATTR_SETTERS[Kind];
  };
}

/** `TF_Output`: a node of a graph and the index of its output, handed over by value. */
const OUTPUT = { struct: ["u64", "i32"] } as const;

/** Functions of the library, named as in C. */
export const SYMBOLS = {
  ...settersOf("TFE_OpSetAttr"),
  ...settersOf("TF_SetAttr"),
  TFE_OpSetAttrShape: {
    parameters: ["u64", "buffer", "buffer", "i32", "u64"],
    result: "void",
  },
  TF_SetAttrShape: {
    parameters: ["u64", "buffer", "buffer", "i32"],
    result: "void",
  },
  TF_SetAttrTensor: {
    parameters: ["u64", "buffer", "u64", "u64"],
    result: "void",
  },
  TF_NewGraph: { parameters: [], result: "u64" },
  TF_DeleteGraph: { parameters: ["u64"], result: "void" },
  TF_NewOperation: {
    parameters: ["u64", "buffer", "buffer"],
    result: "u64",
  },
  TF_AddInput: { parameters: ["u64", OUTPUT], result: "void" },
  TF_AddInputList: {
    parameters: ["u64", "buffer", "i32"],
    result: "void",
  },
  TF_AddControlInput: { parameters: ["u64", "u64"], result: "void" },
  TF_FinishOperation: { parameters: ["u64", "u64"], result: "u64" },
  TF_GraphToFunction: {
    parameters: [
      ...["u64", "buffer", "u8", "i32", "u64"] as const,
      ...["i32", "buffer", "i32", "buffer", "u64"] as const,
      ...["u64", "u64", "u64"] as const,
    ],
    result: "u64",
  },
  TF_DeleteFunction: { parameters: ["u64"], result: "void" },
  TFE_ContextAddFunction: {
    parameters: ["u64", "u64", "u64"],
    result: "void",
  },
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

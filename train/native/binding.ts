/**
 * tfjs-node's `TFJSBinding` over Deno FFI: no N-API addon, no compiler, any TensorFlow 2. tfjs-node's own backend
 * class and kernels run on it unchanged.
 *
 * TensorFlow.js knows no bfloat16. Here such a tensor calls itself float32 to TensorFlow.js, and each op
 * takes the type of its inputs, so that a network computes in bfloat16 from the first cast to the last.
 *
 * @module
 */

import { attrCall, cString, type OpAttr } from "./attributes.ts";
import { AttrType, type CApi, DataType, SYMBOLS } from "./c_api.ts";
import { type GraphRecorder, graphRecorder } from "./graph_recorder.ts";

/** An op's output: a number for the handle, its shape and its `TF_DataType`. */
export interface TensorMetadata {
  /** The binding's number for the tensor. */
  id: number;
  /** Sizes of the axes. */
  shape: number[];
  /** One of {@linkcode DataType}. */
  dtype: number;
}

/** Values that cross the border. */
export type Values = Float32Array | Int32Array | Uint8Array | BigInt64Array;

/** Options for {@linkcode TensorflowBinding}. */
export interface TensorflowOptions {
  /**
   * Threads inside one op; 0 means one a core.
   * @default {0}
   */
  threads?: number;
}

/** Types that TensorFlow.js does not know. */
const DISGUISED = new Set<number>([DataType.BFLOAT16]);

/**
 * A `ConfigProto`: intra_op_parallelism_threads (2), inter_op_parallelism_threads (5), where −1 is the thread that calls,
 * gpu_options.allow_growth (6.4).
 */
function configProto(threads: number): Uint8Array<ArrayBuffer> {
  const minusOne = [...new Array(9).fill(0xff), 1];
  const growth = [0x32, 2, 0x20, 1];
  return new Uint8Array([0x10, threads, 0x28, ...minusOne, ...growth]);
}

/** bfloat16 is the upper half of a float32. */
function fromBfloat16(halves: Uint16Array): Float32Array {
  const words = new Uint32Array(halves.length);
  for (let i = 0; i < words.length; i++) words[i] = halves[i]! << 16;
  return new Float32Array(words.buffer);
}

/** See the top of the file. Method names and constants are those of tfjs-node's `TFJSBinding`. */
export class TensorflowBinding {
  readonly TF_FLOAT = DataType.FLOAT;
  readonly TF_INT32 = DataType.INT32;
  readonly TF_INT64 = DataType.INT64;
  readonly TF_BOOL = DataType.BOOL;
  readonly TF_COMPLEX64 = DataType.COMPLEX64;
  readonly TF_STRING = DataType.STRING;
  readonly TF_RESOURCE = DataType.RESOURCE;
  readonly TF_UINT8 = DataType.UINT8;
  readonly TF_ATTR_STRING = AttrType.STRING;
  readonly TF_ATTR_INT = AttrType.INT;
  readonly TF_ATTR_FLOAT = AttrType.FLOAT;
  readonly TF_ATTR_BOOL = AttrType.BOOL;
  readonly TF_ATTR_TYPE = AttrType.TYPE;
  readonly TF_ATTR_SHAPE = AttrType.SHAPE;
  readonly TF_ATTR_RESOURCE = AttrType.RESOURCE;
  /** TensorFlow's version, for example "2.21.0". */
  readonly TF_Version: string;
  /** Full name of the device tensors live on. */
  readonly device: string;

  readonly #tf: CApi;
  readonly #context: bigint;
  readonly #status: bigint;
  readonly #gpu: boolean;
  readonly #handles = new Map<number, bigint>();
  /** Types of the tensors that TensorFlow.js takes for float32. */
  readonly #disguised = new Map<number, number>();
  readonly #outputs = new BigUint64Array(256);
  readonly #outputCount = new Int32Array(1);
  #nextId = 0;
  #functions = 0;
  #recorder: GraphRecorder | undefined;

  /** Opens the library at `path` and creates an eager context. */
  constructor(path: string, { threads = 0 }: TensorflowOptions = {}) {
    // TensorFlow greets on standard error unless told otherwise before it is loaded.
    if (!Deno.env.has("TF_CPP_MIN_LOG_LEVEL")) {
      Deno.env.set("TF_CPP_MIN_LOG_LEVEL", "2");
    }
    const tf = this.#tf = Deno.dlopen(path, SYMBOLS).symbols;
    this.TF_Version = Deno.UnsafePointerView.getCString(tf.TF_Version()!);
    this.#status = tf.TF_NewStatus();
    const options = tf.TFE_NewContextOptions();
    const config = configProto(threads);
    tf.TFE_ContextOptionsSetConfig(
      options,
      config,
      BigInt(config.length),
      this.#status,
    );
    this.#check("configure TensorFlow");
    this.#context = tf.TFE_NewContext(options, this.#status);
    tf.TFE_DeleteContextOptions(options);
    this.#check("create a TensorFlow context");
    const devices = this.#listDevices();
    const gpu = devices.find(({ type }) => type === "GPU");
    const device = gpu ?? devices.find(({ type }) => type === "CPU");
    if (!device) throw new Error("TensorFlow lists no CPU or GPU device");
    this.device = device.name;
    this.#gpu = gpu !== undefined;
  }

  /** Whether tensors live on a GPU. */
  isUsingGpuDevice(): boolean {
    return this.#gpu;
  }

  /** How many tensors are alive. */
  getNumOfTensors(): number {
    return this.#handles.size;
  }

  /** Copies `values` into a new tensor (on the GPU, unless int32) and returns its number. */
  createTensor(
    shape: readonly number[],
    dtype: number,
    values: Values,
  ): number {
    if (dtype === DataType.STRING) {
      throw new TypeError("Cannot create a string tensor in this binding");
    }
    const tf = this.#tf;
    const dims = BigInt64Array.from(shape, BigInt);
    const tensor = tf.TF_AllocateTensor(
      dtype,
      dims,
      shape.length,
      BigInt(values.byteLength),
    );
    if (values.byteLength > 0) {
      tf.memcpy(
        tf.TF_TensorData(tensor),
        values as BufferSource,
        BigInt(values.byteLength),
      );
    }
    let handle = tf.TFE_NewTensorHandle(tensor, this.#status);
    tf.TF_DeleteTensor(tensor);
    this.#check("create a tensor");
    if (this.#gpu && dtype !== DataType.INT32) {
      const host = handle;
      handle = tf.TFE_TensorHandleCopyToDevice(
        host,
        this.#context,
        cString(this.device),
        this.#status,
      );
      tf.TFE_DeleteTensorHandle(host);
      this.#check(`copy a tensor to ${this.device}`);
    }
    return this.#keep(handle);
  }

  /** Frees a tensor. */
  deleteTensor(id: number): void {
    const handle = this.#handle(id);
    this.#handles.delete(id);
    this.#disguised.delete(id);
    this.#tf.TFE_DeleteTensorHandle(handle);
  }

  /** A copy of the tensor's values. */
  tensorDataSync(id: number): Values {
    const tf = this.#tf;
    const handle = this.#handle(id);
    const dtype = tf.TFE_TensorHandleDataType(handle);
    const tensor = tf.TFE_TensorHandleResolve(handle, this.#status);
    this.#check("read a tensor");
    const bytes = new Uint8Array(Number(tf.TF_TensorByteSize(tensor)));
    if (bytes.length > 0) {
      const data = Deno.UnsafePointer.create(tf.TF_TensorData(tensor))!;
      Deno.UnsafePointerView.copyInto(data, bytes);
    }
    tf.TF_DeleteTensor(tensor);
    switch (dtype) {
      case DataType.FLOAT:
      case DataType.COMPLEX64:
        return new Float32Array(bytes.buffer);
      case DataType.INT32:
        return new Int32Array(bytes.buffer);
      case DataType.INT64:
        return new BigInt64Array(bytes.buffer);
      case DataType.BFLOAT16:
        return fromBfloat16(new Uint16Array(bytes.buffer));
      default:
        return bytes;
    }
  }

  /** Runs one op eagerly. */
  executeOp(
    name: string,
    attrs: readonly OpAttr[],
    inputs: readonly number[],
    outputs: number,
  ): TensorMetadata[] {
    const tf = this.#tf;
    const status = this.#status;
    const type = inputs.map((input) => this.#disguised.get(input)).find(
      (type) => type !== undefined,
    );
    const typed = type === undefined
      ? attrs
      : attrs.map((attr) =>
        attr.name === "T" ? { ...attr, value: type } : attr
      );
    const op = tf.TFE_NewOp(this.#context, cString(name), status);
    this.#check(name);
    try {
      for (const input of inputs) {
        tf.TFE_OpAddInput(op, this.#handle(input), status);
      }
      for (const attr of typed) this.#setAttr(op, attr);
      this.#outputCount[0] = outputs;
      tf.TFE_Execute(op, this.#outputs, this.#outputCount, status);
      this.#check(name);
    } finally {
      tf.TFE_DeleteOp(op);
    }
    const made = Array.from(
      { length: this.#outputCount[0]! },
      (_, i) => this.#adopt(this.#outputs[i]!),
    );
    this.#recorder?.add(name, typed, inputs, made.map(({ id }) => id));
    return made;
  }

  /**
   * Makes a function of all ops that `run` executes and returns the name under which {@linkcode executeOp} knows it: as
   * one op it takes less time, since TensorFlow sees the whole and nobody keeps books of its parts.
   *
   * @param inputs Tensors that it takes; others that `run` finds or makes become constants.
   * @param run Returns the tensors that it gives.
   */
  record(inputs: readonly number[], run: () => readonly number[]): string {
    if (this.#recorder) throw new Error("Cannot record within a record");
    const recorder = this.#recorder = graphRecorder({
      tf: this.#tf,
      status: this.#status,
      check: (what) => this.#check(what),
      handleOf: (id) => this.#handle(id),
      describe: (id) => this.#describe(this.#handle(id)),
    }, inputs);
    try {
      const outputs = run();
      this.#recorder = undefined;
      const name = `recorded_${this.#functions++}`;
      const made = recorder.toFunction(name, outputs);
      this.#tf.TFE_ContextAddFunction(this.#context, made, this.#status);
      this.#check(`add ${name}`);
      this.#tf.TF_DeleteFunction(made);
      return name;
    } finally {
      this.#recorder = undefined;
      recorder.close();
    }
  }

  /** Numbers a new tensor. */
  #adopt(handle: bigint): TensorMetadata {
    const { shape, dtype } = this.#describe(handle);
    const id = this.#keep(handle);
    if (!DISGUISED.has(dtype)) return { id, shape, dtype };
    this.#disguised.set(id, dtype);
    return { id, shape, dtype: DataType.FLOAT };
  }

  #describe(handle: bigint): { shape: number[]; dtype: number } {
    const tf = this.#tf;
    const rank = tf.TFE_TensorHandleNumDims(handle, this.#status);
    const shape = Array.from(
      { length: rank },
      (_, axis) => Number(tf.TFE_TensorHandleDim(handle, axis, this.#status)),
    );
    return { shape, dtype: tf.TFE_TensorHandleDataType(handle) };
  }

  #setAttr(op: bigint, attr: OpAttr): void {
    const tf = this.#tf;
    const [kind, ...args] = attrCall(attr);
    if (kind === "Shape") args.push(this.#status);
    const set = tf[`TFE_OpSetAttr${kind}`] as (...args: unknown[]) => void;
    set(op, cString(attr.name), ...args);
  }

  #listDevices(): { name: string; type: string }[] {
    const tf = this.#tf;
    const list = tf.TFE_ContextListDevices(this.#context, this.#status);
    this.#check("list devices");
    const text = Deno.UnsafePointerView.getCString;
    const devices = Array.from(
      { length: tf.TF_DeviceListCount(list) },
      (_, i) => ({
        name: text(tf.TF_DeviceListName(list, i, this.#status)!),
        type: text(tf.TF_DeviceListType(list, i, this.#status)!),
      }),
    );
    tf.TF_DeleteDeviceList(list);
    return devices;
  }

  #keep(handle: bigint): number {
    const id = this.#nextId++;
    this.#handles.set(id, handle);
    return id;
  }

  #handle(id: number): bigint {
    const handle = this.#handles.get(id);
    if (handle === undefined) throw new Error(`Cannot find tensor ${id}`);
    return handle;
  }

  #check(what: string): void {
    if (this.#tf.TF_GetCode(this.#status) === 0) return;
    const message = Deno.UnsafePointerView.getCString(
      this.#tf.TF_Message(this.#status)!,
    );
    throw new Error(`TensorFlow cannot run ${what}: ${message}`);
  }
}

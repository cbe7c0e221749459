/**
 * Writes eager ops down as a graph, of which TensorFlow makes one function: what `tf.function` is to Python.
 *
 * @module
 */

import { attrCall, cString, type OpAttr } from "./attributes.ts";
import { AttrType, type CApi } from "./c_api.ts";

/** Bytes of a `TF_Output`. */
const OUTPUT_BYTES = 16;

/**
 * Arguments of the ops that take lists, which a graph wants handed over as such: "one", or the attribute that has the
 * list's length.
 */
const ARGUMENTS: Record<string, readonly string[]> = {
  AddN: ["N"],
  ConcatV2: ["N", "one"],
  Pack: ["N"],
  _MklNativeFusedConv2D: ["one", "one", "num_args", "num_host_args"],
};

/** What a recorder needs of the binding. */
export interface RecorderHost {
  /** The library. */
  tf: CApi;
  /** A `TF_Status`. */
  status: bigint;
  /** Throws if the last call failed. */
  check: (what: string) => void;
  /** The handle of a tensor. */
  handleOf: (id: number) => bigint;
  /** Sizes and type of a tensor, as TensorFlow knows it. */
  describe: (id: number) => { shape: number[]; dtype: number };
}

/** A graph in the making. */
export interface GraphRecorder {
  /** Adds an op that was run; inputs that no recorded op made become constants. */
  add(
    name: string,
    attrs: readonly OpAttr[],
    inputs: readonly number[],
    outputs: readonly number[],
  ): void;
  /** Makes a `TF_Function` of that name whose results are these tensors. */
  toFunction(name: string, outputs: readonly number[]): bigint;
  /** Frees the graph. */
  close(): void;
}

/** Begins a graph whose parameters are the tensors `inputs`. */
export function graphRecorder(
  { tf, status, check, handleOf, describe }: RecorderHost,
  inputs: readonly number[],
): GraphRecorder {
  const graph = tf.TF_NewGraph();
  const nodes = new Map<number, Uint8Array<ArrayBuffer>>();
  let count = 0;
  let last: bigint | undefined;

  function write(
    name: string,
    attrs: readonly OpAttr[],
    addInputs: (description: bigint) => void = () => {},
  ): bigint {
    const description = tf.TF_NewOperation(
      graph,
      cString(name),
      cString(`op_${count++}`),
    );
    addInputs(description);
    for (const attr of attrs) {
      const [kind, ...args] = attrCall(attr);
      const set = tf[`TF_SetAttr${kind}`] as (...args: unknown[]) => void;
      set(description, cString(attr.name), ...args);
    }
    const node = tf.TF_FinishOperation(description, status);
    check(`write down ${name}`);
    return node;
  }

  function constant(id: number): Uint8Array<ArrayBuffer> {
    const tensor = tf.TFE_TensorHandleResolve(handleOf(id), status);
    check("read a constant");
    const { dtype } = describe(id);
    const node = write("Const", [type("dtype", dtype)], (description) => {
      tf.TF_SetAttrTensor(description, cString("value"), tensor, status);
      check("write down a constant");
    });
    tf.TF_DeleteTensor(tensor);
    const output = outputOf(node, 0);
    nodes.set(id, output);
    return output;
  }

  const output = (id: number) => nodes.get(id) ?? constant(id);
  const parameters = inputs.map((id) => {
    const { shape, dtype } = describe(id);
    const node = write("Placeholder", [
      type("dtype", dtype),
      { name: "shape", type: AttrType.SHAPE, value: shape },
    ]);
    const parameter = outputOf(node, 0);
    nodes.set(id, parameter);
    return parameter;
  });

  return {
    add(name, attrs, inputs, outputs) {
      const given = inputs.map(output);
      const lengthOf = (attr: string) =>
        Number(attrs.find(({ name }) => name === attr)?.value ?? 0);
      const form = ARGUMENTS[name] ?? given.map(() => "one");
      const node = last = write(name, attrs, (description) => {
        // In their order they find their inputs in the caches; side by side they would take the other workers' cores.
        if (last) tf.TF_AddControlInput(description, last);
        let at = 0;
        for (const argument of form) {
          if (argument === "one") {
            tf.TF_AddInput(description, given[at++]!);
            continue;
          }
          const items = given.slice(at, at += lengthOf(argument));
          tf.TF_AddInputList(description, packed(items), items.length);
        }
      });
      outputs.forEach((id, i) => nodes.set(id, outputOf(node, i)));
    },
    toFunction(name, outputs) {
      const results = outputs.map(output);
      const made = tf.TF_GraphToFunction(
        graph,
        cString(name),
        0,
        -1, // all nodes
        0n,
        parameters.length,
        packed(parameters),
        results.length,
        packed(results),
        0n,
        0n,
        0n,
        status,
      );
      check("make a function");
      return made;
    },
    close: () => tf.TF_DeleteGraph(graph),
  };
}

function type(name: string, value: number): OpAttr {
  return { name, type: AttrType.TYPE, value };
}

function outputOf(node: bigint, index: number): Uint8Array<ArrayBuffer> {
  const bytes = new DataView(new ArrayBuffer(OUTPUT_BYTES));
  bytes.setBigUint64(0, node, true);
  bytes.setInt32(8, index, true);
  return new Uint8Array(bytes.buffer);
}

function packed(outputs: readonly Uint8Array[]): Uint8Array<ArrayBuffer> {
  const bytes = new Uint8Array(OUTPUT_BYTES * outputs.length);
  outputs.forEach((output, i) => bytes.set(output, OUTPUT_BYTES * i));
  return bytes;
}

/**
 * Attributes of ops, from the form in which tfjs-node's kernels write them to the arguments of TensorFlow's setters.
 *
 * @module
 */

import { type AttrKind, AttrType } from "./c_api.ts";

/** One attribute of an op, as tfjs-node's kernels write them. */
export interface OpAttr {
  /** Name in TensorFlow's op registry. */
  name: string;
  /** One of {@linkcode AttrType}. */
  type: number;
  /** A number, string, boolean, or a list of numbers. */
  value: unknown;
}

/** A setter and what it takes after the op and the name. */
export type AttrCall = [kind: AttrKind | "Shape", ...args: unknown[]];

const CACHE = new Map<string, Uint8Array<ArrayBuffer>>();

/** A NUL-terminated copy of `text`, kept for ever: TensorFlow may hold on to attribute names. */
export function cString(text: string): Uint8Array<ArrayBuffer> {
  let bytes = CACHE.get(text);
  if (bytes === undefined) {
    bytes = new TextEncoder().encode(text + "\0");
    CACHE.set(text, bytes);
  }
  return bytes;
}

/** Which setter takes an attribute, and its arguments. */
export function attrCall({ name, type, value }: OpAttr): AttrCall {
  const list = Array.isArray(value) ? value as number[] : undefined;
  switch (type) {
    case AttrType.STRING: {
      const texts = [value].flat().map((text) => cString(String(text)));
      const lengths = texts.map((text) => BigInt(text.length - 1));
      if (!list) return ["String", texts[0], lengths[0]];
      const pointers = texts.map((text) =>
        Deno.UnsafePointer.value(Deno.UnsafePointer.of(text))
      );
      return [
        "StringList",
        BigUint64Array.from(pointers),
        BigUint64Array.from(lengths),
        list.length,
      ];
    }
    case AttrType.INT:
      return list
        ? ["IntList", BigInt64Array.from(list, BigInt), list.length]
        : ["Int", BigInt(value as number)];
    case AttrType.FLOAT:
      return list
        ? ["FloatList", Float32Array.from(list), list.length]
        : ["Float", value];
    case AttrType.BOOL:
      return list
        ? ["BoolList", Uint8Array.from(list, Number), list.length]
        : ["Bool", Number(value)];
    case AttrType.TYPE:
      return list
        ? ["TypeList", Int32Array.from(list), list.length]
        : ["Type", value];
    case AttrType.SHAPE:
      return ["Shape", BigInt64Array.from(list!, BigInt), list!.length];
    default:
      throw new TypeError(
        `Cannot set attribute ${name} as its type must be a TF_AttrType: current value is ${type}`,
      );
  }
}

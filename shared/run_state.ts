import type { Floats } from "./floats.ts";
import type { NoiseState } from "./random/noise_source.ts";
import type { Past } from "./solvers/solver.ts";

/** All that a run knows between two steps. Its arrays are never written to again. */
export interface RunState<T extends Floats = Float32Array> {
  /** The next step to make, from 0; the number of steps when the run is over. */
  readonly index: number;
  /** The images at `levels[index]`. */
  readonly x: T;
  /** What a multistep solver remembers, the latest first. */
  readonly history: readonly Past<T>[];
  /** What wrappers of the denoiser remember. */
  readonly memory: ReadonlyMap<string, Floats>;
  /** Where each image's noise source stands. */
  readonly noise: readonly NoiseState[];
}

/** A run to store: JSON text, and the bytes of its arrays. */
export interface PackedRun {
  /** All but the arrays. */
  readonly json: string;
  /** The arrays, one after the other, little-endian. */
  readonly bytes: Uint8Array<ArrayBuffer>;
}

/** Where an array lies in the bytes, with the type and number of its elements. */
type Slot = [type: "float32" | "float64", offset: number, length: number];

/** Packs a run so that it can be stored or sent elsewhere. */
export function packRun<T extends Floats>(state: RunState<T>): PackedRun {
  const arrays: Floats[] = [];
  let end = 0;
  function store(array: Floats): Slot {
    const offset = end;
    arrays.push(array);
    end += array.byteLength;
    const type = array instanceof Float32Array ? "float32" : "float64";
    return [type, offset, array.length];
  }
  const json = JSON.stringify({
    version: 1,
    index: state.index,
    x: store(state.x),
    history: state.history.map((past) => ({
      level: past.level,
      x: store(past.x),
      x0: store(past.x0),
      ...(past.epsilon && { epsilon: store(past.epsilon) }),
      ...(past.variance && { variance: store(past.variance) }),
    })),
    memory: Array.from(
      state.memory.entries(),
      ([key, array]) => [key, store(array)],
    ),
    noise: state.noise,
  });
  const bytes = new Uint8Array(end);
  let offset = 0;
  for (const { buffer, byteOffset, byteLength } of arrays) {
    bytes.set(new Uint8Array(buffer, byteOffset, byteLength), offset);
    offset += byteLength;
  }
  return { json, bytes };
}

/**
 * The run that {@linkcode packRun} has packed, to go on with as `resume` of `sample`.
 *
 * @throws {SyntaxError} If the text is not JSON, or is of another version.
 * @throws {RangeError} If the bytes are not those of the run.
 */
export function unpackRun<T extends Floats = Float32Array>(
  { json, bytes }: PackedRun,
): RunState<T> {
  const packed = JSON.parse(json);
  if (packed?.version !== 1) {
    throw new SyntaxError(
      `Cannot unpack a run as its version must be 1: current value is ${packed?.version}`,
    );
  }
  const load = ([type, offset, length]: Slot): T => {
    const Type = type === "float32" ? Float32Array : Float64Array;
    const end = offset + length * Type.BYTES_PER_ELEMENT;
    if (end > bytes.length) {
      throw new RangeError(
        `Cannot unpack a run as it must have ${end} bytes or more: current value is ${bytes.length}`,
      );
    }
    const { buffer } = Uint8Array.from(bytes.subarray(offset, end)); // slice() of a Buffer copies nothing
    return new Type(buffer) as Floats as T;
  };
  return {
    index: packed.index,
    x: load(packed.x),
    history: packed.history.map((
      { level, x, x0, epsilon, variance }: Record<string, Slot>,
    ) => ({
      level,
      x: load(x!),
      x0: load(x0!),
      ...(epsilon && { epsilon: load(epsilon) }),
      ...(variance && { variance: load(variance) }),
    })),
    memory: new Map(
      packed.memory.map(([key, slot]: [string, Slot]) => [key, load(slot)]),
    ),
    noise: packed.noise,
  };
}

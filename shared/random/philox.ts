import { mulHigh, philoxBlock } from "./_philox_block.ts";
import type { Floats, NoiseSource, NoiseState } from "./noise_source.ts";
import { normalFromWord } from "./normal_from_word.ts";
import { type Seed, seedWords } from "./seed.ts";

const CHUNK = 256; // words made at a time, a multiple of 4
const SPLIT_DOMAIN = 0x73706c74; // last counter word of a split; streams, below 2⁵³, never reach it

/** Options of {@linkcode philoxNoise}. */
export interface PhiloxOptions {
  /**
   * Which of the seed's independent streams to draw from, an integer in [0, 2⁵³).
   *
   * @default {0}
   */
  stream?: number;
}

/** Where a Philox source stands. */
export interface PhiloxState extends NoiseState {
  /** Always `"philox"`. */
  readonly kind: "philox";
  /** The seed's low and high 32-bit words. */
  readonly key: readonly number[];
  /** Stream of the seed. */
  readonly stream: number;
  /** Words drawn so far. */
  readonly position: number;
}

/**
 * A counter-based source of random numbers. Every value of every kind takes exactly one 32-bit word of the stream, so a
 * draw of n and a draw of m are a draw of n + m.
 */
export interface PhiloxSource extends NoiseSource {
  /** Fills `out` with standard normal numbers, the same bits on every engine. */
  normal(out: Floats): void;
  /**
   * Fills `out` with uniform numbers in (0, 1), ends excluded: the middles of 2³² equal cells in a `Float64Array`, of
   * 2²³ in a `Float32Array`.
   */
  uniform(out: Floats): void;
  /** Fills `out` with integers in [0, bound), 1 ≤ bound ≤ 2³²; each is off uniform by less than bound / 2³². */
  integers(out: Uint32Array, bound: number): void;
  /**
   * A new source, independent of this one and of those of other indices; it does not depend on what was drawn before.
   *
   * @param index Integer in [0, 2⁵³).
   */
  split(index: number): PhiloxSource;
  /** Where the source stands. */
  state(): PhiloxState;
}

/**
 * Philox 4×32-10 source: counter [block, block, stream, stream], key = the seed's two words. The mapping from seed to
 * numbers never changes.
 *
 * @example
 * ```ts
 * import { philoxNoise } from "@emoji/diffusion/random";
 * import assert from "node:assert/strict";
 *
 * const [once, again] = [new Float32Array(4), new Float32Array(4)];
 * philoxNoise(42).normal(once);
 * philoxNoise(42n).normal(again);
 * assert.deepEqual(once, again);
 * ```
 *
 * @param seed Integer or text, see {@linkcode Seed}.
 * @param options Stream of the seed.
 * @returns Source at the start of its stream.
 * @throws {RangeError} If the seed or the stream is not an integer in its range.
 */
export function philoxNoise(
  seed: Seed,
  { stream = 0 }: PhiloxOptions = {},
): PhiloxSource {
  return new Philox({
    kind: "philox",
    key: seedWords(seed),
    stream,
    position: 0,
  });
}

/**
 * Makes a Philox source again from its state.
 *
 * @param state What {@linkcode PhiloxSource.state} returned, maybe through JSON.
 * @returns Source in the same position.
 * @throws {TypeError} If the state is another source's.
 * @throws {RangeError} If a number in it is out of range.
 */
export function restorePhilox(state: NoiseState): PhiloxSource {
  if (state.kind !== "philox") {
    throw new TypeError(
      `Cannot restore as 'state.kind' must be philox: current value is ${state.kind}`,
    );
  }
  return new Philox(state as PhiloxState);
}

class Philox implements PhiloxSource {
  readonly #key: readonly [number, number];
  readonly #stream: number;
  readonly #chunk = new Uint32Array(CHUNK + 4);
  #position: number;

  constructor({ key, stream, position }: PhiloxState) {
    const [low = NaN, high = NaN] = key ?? [];
    requireInteger("key[0]", low, 0, 2 ** 32);
    requireInteger("key[1]", high, 0, 2 ** 32);
    requireInteger("stream", stream, 0, 2 ** 53);
    requireInteger("position", position, 0, 2 ** 53);
    this.#key = [low, high];
    this.#stream = stream;
    this.#position = position;
  }

  normal(out: Floats): void {
    for (let i = 0; i < out.length; i += CHUNK) {
      const count = Math.min(CHUNK, out.length - i);
      const first = this.#draw(count);
      for (let k = 0; k < count; k++) {
        out[i + k] = normalFromWord(this.#chunk[first + k]!);
      }
    }
  }

  uniform(out: Floats): void {
    const dropped = out instanceof Float32Array ? 9 : 0;
    for (let i = 0; i < out.length; i += CHUNK) {
      const count = Math.min(CHUNK, out.length - i);
      const first = this.#draw(count);
      for (let k = 0; k < count; k++) {
        out[i + k] = ((this.#chunk[first + k]! >>> dropped) + 0.5) *
          2 ** (dropped - 32);
      }
    }
  }

  integers(out: Uint32Array, bound: number): void {
    requireInteger("bound", bound, 1, 2 ** 32 + 1);
    for (let i = 0; i < out.length; i += CHUNK) {
      const count = Math.min(CHUNK, out.length - i);
      const first = this.#draw(count);
      for (let k = 0; k < count; k++) {
        const word = this.#chunk[first + k]!;
        out[i + k] = bound === 2 ** 32 ? word : mulHigh(word, bound);
      }
    }
  }

  split(index: number): PhiloxSource {
    requireInteger("index", index, 0, 2 ** 53);
    const child = new Uint32Array(4);
    const { low, high } = words(this.#stream);
    // The child's key is a block of a counter domain of its own. The parent's stream is mixed into its key, since the
    // index takes two counter words.
    philoxBlock(child, 0, low, high, 0, SPLIT_DOMAIN, ...this.#key);
    const at = words(index);
    philoxBlock(
      child,
      0,
      at.low,
      at.high,
      0,
      SPLIT_DOMAIN,
      child[0]!,
      child[1]!,
    );
    return new Philox({
      kind: "philox",
      key: [child[0]!, child[1]!],
      stream: 0,
      position: 0,
    });
  }

  state(): PhiloxState {
    return {
      kind: "philox",
      key: this.#key,
      stream: this.#stream,
      position: this.#position,
    };
  }

  /** Puts the next `count` words into the chunk, moves on and returns the index of the first. */
  #draw(count: number): number {
    const first = this.#position % 4;
    const stream = words(this.#stream);
    const [k0, k1] = this.#key;
    let block = (this.#position - first) / 4;
    for (let at = 0; at < first + count; at += 4, block++) {
      philoxBlock(
        this.#chunk,
        at,
        block >>> 0,
        block / 2 ** 32 >>> 0,
        stream.low,
        stream.high,
        k0,
        k1,
      );
    }
    this.#position += count;
    return first;
  }
}

function words(integer: number): { low: number; high: number } {
  return { low: integer >>> 0, high: Math.floor(integer / 2 ** 32) };
}

function requireInteger(
  name: string,
  value: number,
  min: number,
  end: number,
): void {
  if (!Number.isInteger(value) || value < min || value >= end) {
    throw new RangeError(
      `Cannot draw as '${name}' must be an integer from ${min} to ${
        end - 1
      }: current value is ${value}`,
    );
  }
}

import { roundHalfEven } from "../_round.ts";

/** Fills an array with the normal numbers of a node of the tree: the `key`-th one of a `depth`. The root's own increment has depth −1. */
export type NodeNoise = (key: number, depth: number, out: Float32Array) => void;

/** Rounds to six decimals, half to even, as Python's round(x, 6) does. */
function quantize(x: number): number {
  // Only multiples of 2⁻⁷ can lie exactly between two millionths.
  return Number.isInteger(x * 128)
    ? roundHalfEven(x * 1e6) / 1e6
    : Number(x.toFixed(6));
}

/**
 * Increments of a Brownian path over [min, max]. The path is a function of the noise alone: a binary tree of halvings, each point between two others being
 * drawn from its distribution given them, so that the order and the number of questions do not change it.
 */
export class BrownianPath {
  readonly #min: number;
  readonly #max: number;
  readonly #noise: NodeNoise;

  constructor(min: number, max: number, noise: NodeNoise) {
    if (
      !(Number.isFinite(min) && max < Infinity && quantize(min) < quantize(max))
    ) {
      throw new RangeError(
        `Cannot make a Brownian path as 'min' must be below 'max' by 1e-6: current value is ${min}, ${max}`,
      );
    }
    [this.#min, this.#max] = [quantize(min), quantize(max)];
    this.#noise = noise;
  }

  /** Writes W(b) − W(a) to `out`, a ≤ b. */
  increment(a: number, b: number, out: Float64Array): void {
    const [from, to] = [quantize(a), quantize(b)];
    if (!(from >= this.#min && to <= this.#max)) {
      throw new RangeError(
        `Cannot follow a Brownian path as steps must be in [${this.#min}, ${this.#max}]: current value is [${a}, ${b}]`,
      );
    }
    out.fill(0);
    if (from === to) return;
    const scratch = new Float32Array(out.length);
    this.#noise(0, -1, scratch);
    const root = Float64Array.from(
      scratch,
      (z) => z * Math.sqrt(this.#max - this.#min),
    );
    this.#add(
      out,
      root,
      { start: this.#min, end: this.#max, key: 0, depth: 0 },
      from,
      to,
      scratch,
    );
  }

  /** Adds W(b) − W(a) to `out`, for a part of a node whose own increment is `w`. Overwrites `w`. */
  #add(
    out: Float64Array,
    w: Float64Array,
    { start, end, key, depth }: {
      start: number;
      end: number;
      key: number;
      depth: number;
    },
    a: number,
    b: number,
    scratch: Float32Array,
  ): void {
    for (; a !== start || b !== end; depth++) {
      const middle = quantize(0.5 * (start + end));
      const share = (middle - start) / (end - start);
      const deviation = Math.sqrt(share * (end - middle));
      this.#noise(key, depth, scratch);
      const left = b <= middle ? w : new Float64Array(w.length);
      for (let i = 0; i < w.length; i++) {
        left[i] = share * w[i]! + deviation * scratch[i]!;
      }
      key *= 2;
      if (b <= middle) {
        end = middle;
        continue;
      }
      for (let i = 0; i < w.length; i++) w[i]! -= left[i]!;
      if (a < middle) {
        this.#add(
          out,
          left,
          { start, end: middle, key, depth: depth + 1 },
          a,
          middle,
          scratch,
        );
      }
      start = middle;
      a = Math.max(a, middle);
      key++;
    }
    for (let i = 0; i < out.length; i++) out[i]! += w[i]!;
  }
}

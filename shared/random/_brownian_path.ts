import { roundHalfEven } from "../_round.ts";

/**
 * Fills an array with the normal numbers of a node of the tree: the `key`-th one of a `depth`. The root's own increment
 * has depth −1.
 */
export type NodeNoise = (key: number, depth: number, out: Float32Array) => void;

/** The time that a path takes another one for: of six decimals, half to even, as Python's round(x, 6). */
export function quantize(x: number): number {
  // Only multiples of 2⁻⁷ can lie exactly between two millionths.
  return Number.isInteger(x * 128)
    ? roundHalfEven(x * 1e6) / 1e6
    : Number(x.toFixed(6));
}

/**
 * A Brownian path over [min, max]. It is a function of the noise alone: a binary tree of halvings, each point between
 * two others being drawn from its distribution given them, so that the order and the number of questions do not change
 * it.
 */
export class BrownianPath {
  readonly #min: number;
  readonly #max: number;
  readonly #noise: NodeNoise;
  /** The last two points asked for: a step begins where another one began or ended. */
  #known: { time: number; value: Float64Array }[] = [];

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

  /** W(time) − W(min) of `size` independent paths. The array is not to be written to. */
  at(time: number, size: number): Float64Array {
    const t = quantize(time);
    if (!(t >= this.#min && t <= this.#max)) {
      throw new RangeError(
        `Cannot follow a Brownian path as steps must be in [${this.#min}, ${this.#max}]: current value is ${time}`,
      );
    }
    const known = this.#known.find(({ time, value }) =>
      time === t && value.length === size
    );
    const value = known?.value ?? this.#descend(t, size);
    this.#known = [
      { time: t, value },
      ...this.#known.filter((point) => point !== known).slice(0, 1),
    ];
    return value;
  }

  #descend(time: number, size: number): Float64Array {
    const value = new Float64Array(size);
    const noise = new Float32Array(size);
    this.#noise(0, -1, noise);
    let [start, end] = [this.#min, this.#max];
    const w = Float64Array.from(noise, (z) => z * Math.sqrt(end - start)); // increment over [start, end]
    for (let [depth, key] = [0, 0]; time > start && time < end; depth++) {
      const middle = quantize(0.5 * (start + end));
      const share = (middle - start) / (end - start);
      const deviation = Math.sqrt(share * (end - middle));
      const right = time > middle;
      this.#noise(key, depth, noise);
      for (let i = 0; i < size; i++) {
        const left = share * w[i]! + deviation * noise[i]!;
        if (right) value[i]! += left;
        w[i] = right ? w[i]! - left : left;
      }
      [start, end, key] = right
        ? [middle, end, 2 * key + 1]
        : [start, middle, 2 * key];
    }
    if (time === end) { for (let i = 0; i < size; i++) value[i]! += w[i]!; }
    return value;
  }
}

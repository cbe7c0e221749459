/** Options of {@linkcode LossAwareSampler}. */
export interface LossAwareOptions {
  /**
   * How many of the latest losses of each timestep are kept.
   *
   * @default {10}
   */
  history?: number;
  /**
   * Share of draws that are uniform whatever the losses.
   *
   * @default {0.001}
   */
  uniformShare?: number;
}

/** Timesteps drawn for a batch. */
export interface DrawnTimesteps {
  /** Index of each image. */
  readonly indices: number[];
  /** What to multiply each loss with, so that the mean stays that of uniform timesteps. */
  readonly weights: number[];
}

/** JSON data from which a sampler can be made again. */
export interface LossAwareState {
  /** The latest losses of each timestep, oldest first. */
  readonly losses: readonly (readonly number[])[];
}

/**
 * Draws timesteps more often where the loss varies more, in proportion to √E[L²]: Nichol and Dhariwal (2021), section
 * 3.3, `LossSecondMomentResampler` of improved-diffusion. Uniform until it has seen enough of every timestep, and
 * where losses that are all 0, or not finite, say nothing of the shares.
 */
export class LossAwareSampler {
  readonly #losses: number[][];
  readonly #history: number;
  readonly #uniformShare: number;

  /**
   * A sampler that has seen nothing, or stands where another one stood.
   *
   * @param length Number of timesteps T.
   * @param options History and share of uniform draws.
   * @param state What `state()` of an earlier sampler returned.
   */
  constructor(
    length: number,
    { history = 10, uniformShare = 0.001 }: LossAwareOptions = {},
    state?: LossAwareState,
  ) {
    if (!Number.isInteger(length) || length < 1) {
      throw new RangeError(
        `Cannot draw timesteps as 'length' must be an integer of at least 1: current value is ${length}`,
      );
    }
    if (state && state.losses.length !== length) {
      throw new RangeError(
        `Cannot restore a sampler as 'state' must be of ${length} timesteps: current value is ${state.losses.length}`,
      );
    }
    this.#losses = Array.from(
      { length },
      (_, t) => [...state?.losses[t] ?? []],
    );
    this.#history = history;
    this.#uniformShare = uniformShare;
  }

  /** Probability of each timestep. */
  probabilities(): Float64Array {
    const length = this.#losses.length;
    const uniform = new Float64Array(length).fill(1 / length);
    if (this.#losses.some((losses) => losses.length < this.#history)) {
      return uniform;
    }
    const roots = Float64Array.from(
      this.#losses,
      (losses) =>
        Math.sqrt(
          losses.reduce((sum, loss) => sum + loss ** 2, 0) / losses.length,
        ),
    );
    const total = roots.reduce((a, b) => a + b);
    if (!(total > 0 && total < Infinity)) return uniform;
    return roots.map((root) =>
      root / total * (1 - this.#uniformShare) + this.#uniformShare / length
    );
  }

  /**
   * Draws a timestep for each uniform number.
   *
   * @param uniform Numbers in (0, 1).
   * @returns Timesteps and the weights 1 / (T p) of their losses.
   */
  draw(uniform: ArrayLike<number>): DrawnTimesteps {
    const probabilities = this.probabilities();
    const last = probabilities.length - 1;
    let sum = 0;
    const cumulative = probabilities.map((p) => sum += p);
    const indices = Array.from(uniform, (u) => {
      const t = cumulative.findIndex((share) => u * sum < share);
      return t < 0 ? last : t;
    });
    return {
      indices,
      weights: indices.map((t) =>
        1 / (probabilities.length * probabilities[t]!)
      ),
    };
  }

  /**
   * Takes the losses of a batch into account.
   *
   * @param indices Timestep of each image.
   * @param losses Loss of each image, without its weight.
   */
  update(indices: ArrayLike<number>, losses: ArrayLike<number>): void {
    for (let k = 0; k < indices.length; k++) {
      const kept = this.#losses[indices[k]!]!;
      kept.push(losses[k]!);
      if (kept.length > this.#history) kept.shift();
    }
  }

  /** Where the sampler stands. */
  state(): LossAwareState {
    return { losses: this.#losses.map((losses) => [...losses]) };
  }
}

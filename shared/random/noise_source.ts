/** Images, flat: float32 to draw with, float64 to check the mathematics with. */
export type Floats = Float32Array | Float64Array;

/** The interval of a solver step, in any coordinate that is monotone along the run (sigma, time, log-SNR). */
export interface NoiseInterval {
  /** Where the step starts. */
  readonly from: number;
  /** Where the step ends. */
  readonly to: number;
}

/** Plain JSON data from which a noise source can be made again, in the same position. */
export interface NoiseState {
  /** Which source wrote it, e.g. `"philox"`. */
  readonly kind: string;
  /** Its numbers, whose meaning belongs to the source. */
  readonly [field: string]:
    | number
    | string
    | boolean
    | null
    | readonly number[];
}

/**
 * A stream of standard normal numbers. One source belongs to one image, so that an image does not depend on the batch
 * it is drawn in.
 */
export interface NoiseSource {
  /**
   * Fills `out` with independent standard normal numbers and moves on.
   *
   * @param out Array to fill, of any length.
   * @param interval The solver step that the noise is for. Only sources with a notion of time, such as a Brownian path,
   * look at it.
   */
  normal(out: Floats, interval?: NoiseInterval): void;
  /**
   * Where the source stands.
   *
   * @returns JSON data, enough to make the source again.
   */
  state(): NoiseState;
}

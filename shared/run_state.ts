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

import type { Floats } from "../floats.ts";
import type { Level } from "../level.ts";

/** What a denoiser is told of the run beside the images. */
export interface DenoiseCall {
  /** How many images `x` holds. */
  readonly images: number;
  /** Position of the step in the run, from 0. */
  readonly step: number;
  /** Aborted when nobody waits for the answer any more. */
  readonly signal?: AbortSignal;
  /**
   * What wrappers remember from one evaluation to the next. It belongs to the run and is stored with it: put new arrays
   * in, never write to those it holds. Without it a wrapper remembers nothing.
   */
  readonly memory?: Memory;
}

/** Arrays by name that live as long as a run: a `Map`, or a part of one. */
export interface Memory {
  /** The array that was put in under a name. */
  get(name: string): Floats | undefined;
  /** Puts an array in under a name, in place of the one that was there. */
  set(name: string, array: Floats): unknown;
}

/** What a denoiser makes of noisy images. */
export interface Prediction<T extends Floats = Float32Array> {
  /** The estimate of the clean images, of the length of `x`. */
  readonly x0: T;
  /** The noise in `x`, where it is not to be derived from `x0`: a network's own noise after `x0` was clipped. */
  readonly epsilon?: T;
  /** A network's raw output for the variance of the reverse step, of the length of `x`, where it has learned one. */
  readonly variance?: T;
}

/**
 * Estimates the clean images behind `x`, which holds `call.images` noisy images one after the other: the posterior mean
 * D(x; σ) of Karras et al. (2022), on any process. It must not write to `x`.
 */
export interface Denoiser<T extends Floats = Float32Array> {
  (
    x: T,
    level: Level,
    call: DenoiseCall,
  ):
    | NoInfer<T>
    | Prediction<NoInfer<T>>
    | Promise<NoInfer<T> | Prediction<NoInfer<T>>>;
  /** Throws a RangeError that says why where one of `levels` is out of this denoiser's reach. Called before a run starts. */
  check?(levels: readonly Level[]): void;
}

/**
 * A neural network: `input` is scaled as it was in training, `told` is what it hears of the noise level.
 * `input` is lent for the time of the call: its memory is used again afterwards.
 */
export type Network<T extends Floats = Float32Array> = (
  input: T,
  told: number,
  call: DenoiseCall,
) => NoInfer<T> | Promise<NoInfer<T>>;

/** A denoiser that stands before others: what they cannot do it refuses. */
export function wrap<T extends Floats>(
  inner: readonly Denoiser<T>[],
  denoise: (...call: Parameters<Denoiser<T>>) => ReturnType<Denoiser<T>>,
): Denoiser<T> {
  return Object.assign(denoise, {
    check(levels: readonly Level[]) {
      for (const denoiser of inner) denoiser.check?.(levels);
    },
  });
}

/** A denoiser's answer in its full form. */
export function toPrediction<T extends Floats>(
  answer: T | Prediction<T>,
): Prediction<T> {
  return ArrayBuffer.isView(answer) ? { x0: answer } : answer;
}

/** The noise in `x`: the denoiser's own, or else the one that goes with its clean images. */
export function epsilonOf<T extends Floats>(
  x: T,
  { x0, epsilon }: Prediction<T>,
  level: Level,
): T {
  if (epsilon !== undefined) return epsilon;
  const { alpha, sigma } = level;
  const out = x0.slice() as T;
  for (let i = 0; i < out.length; i++) {
    out[i] = (x[i]! - alpha * x0[i]!) / sigma;
  }
  return out;
}

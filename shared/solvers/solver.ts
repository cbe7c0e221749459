import type { Prediction } from "../denoisers/denoiser.ts";
import type { Floats } from "../floats.ts";
import { between, type Level } from "../level.ts";

/** A level a run has left behind, and what was known there. */
export interface Past<T extends Floats = Float32Array> extends Prediction<T> {
  /** Noise level of `x`. */
  readonly level: Level;
  /** The noisy images the step started from. */
  readonly x: T;
}

/** What a solver sees of a run when it makes a step. All of it is to be read, none to be written. */
export interface Step<T extends Floats = Float32Array> {
  /** The noisy images. */
  readonly x: T;
  /** Noise level of `x`. */
  readonly level: Level;
  /** Noise level to move to. */
  readonly next: Level;
  /** Noise level the run ends at. */
  readonly last: Level;
  /** Position in the run, from 0. */
  readonly index: number;
  /** How many steps the run has. */
  readonly steps: number;
  /** Earlier levels, the latest first; at most as many as the solver's `history`. */
  readonly history: readonly Past<T>[];
  /** Asks the denoiser, about `x` at `level` unless told otherwise. */
  denoise(x?: T, level?: Level): Promise<Prediction<T>>;
  /**
   * Draws normal noise, each image's from its own source. The array is overwritten by the next draw.
   * @param from Level where the stretch of the path starts that the noise is for.
   * @param to Level where it ends.
   */
  noise(from?: Level, to?: Level): T;
  /** The level of the run's process whose λ = ln(alpha / sigma) is the one given, where the run was told; see {@linkcode levelOfLambda}. */
  readonly at?: ((lambda: number) => Level) | undefined;
}

/** What a solver that corrects its starting point hands back. */
export interface Corrected<T extends Floats = Float32Array> {
  /** The images at the next level. */
  readonly x: T;
  /** The corrected images at the level the step started from, for the history. */
  readonly start: T;
  /** The noise as it was seen before the correction, where the solver looks back on noise. */
  readonly epsilon?: T;
}

/** Moves images from one noise level to the next. Solvers hold no state: any number of runs can share one. */
export interface Solver {
  /** Name of the method, for people. */
  readonly name: string;
  /**
   * How many earlier levels it looks back on.
   * @default {0}
   */
  readonly history?: number;
  /**
   * Which way it can go: to less noise, to more, either of them all the way, or any way at any step.
   * @default {"down"}
   */
  readonly direction?: "down" | "up" | "either" | "any";
  /**
   * Whether it adds noise of its own, beside the start.
   * @default {false}
   */
  readonly stochastic?: boolean;
  /** Moves `step.x` to `step.next`. Must return a new array. */
  step<T extends Floats>(step: Step<T>): Promise<T | Corrected<T>>;
  /** Throws a RangeError that says why where the solver cannot visit `levels`. Called before a run starts. */
  check?(levels: readonly Level[]): void;
}

/** The level of a run's process whose λ is the one given, for solvers that stop inside a step. */
export function levelOfLambda(
  { at, level, next }: Pick<Step, "at" | "level" | "next">,
  lambda: number,
): Level {
  return at?.(lambda) ?? between(level, next, lambda);
}

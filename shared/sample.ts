import { checkImages, checkLevels, checkStart } from "./_check_run.ts";
import {
  type Denoiser,
  epsilonOf,
  toPrediction,
} from "./denoisers/denoiser.ts";
import { type Floats, like, mix } from "./floats.ts";
import { isNoisier, type Level } from "./level.ts";
import { nextTask } from "./next_task.ts";
import type { NoiseInterval, NoiseSource } from "./random/noise_source.ts";
import { philoxNoise, restorePhilox } from "./random/philox.ts";
import type { Seed } from "./random/seed.ts";
import type { RunState } from "./run_state.ts";
import { ddim } from "./solvers/ddim.ts";
import type { Past, Solver } from "./solvers/solver.ts";

/** A step that {@linkcode sample} has made. Its arrays are never written to again. */
export interface StepEvent<T extends Floats = Float32Array> {
  /** Position of the step in the run, from 0. */
  readonly index: number;
  /** How many steps the run has. */
  readonly steps: number;
  /** Noise level the step started from. */
  readonly level: Level;
  /** Noise level it has reached. */
  readonly next: Level;
  /** The images at `next`. Those of the last step are the result. */
  readonly x: T;
  /** The clean images as the denoiser saw them at `level`. */
  readonly x0: T;
  /** The noise as the denoiser saw it at `level`. */
  epsilon(): T;
  /** The run as it stands after the step, to go on from later, also when the run has gone on or was stopped. */
  state(): RunState<T>;
}

/** Options for {@linkcode sample} and {@linkcode steps}. */
export interface SampleOptions<T extends Floats = Float32Array> {
  /** Noise levels to visit, the noisiest first. The last one usually has `sigma = 0`. */
  levels: readonly Level[];
  /** Numbers in one image. */
  size: number;
  /**
   * How to move between levels.
   * @default {ddim()}
   */
  solver?: Solver;
  /** One seed an image. An image depends on its own seed alone, not on the batch it is drawn in. */
  seeds?: readonly Seed[];
  /**
   * One noise source an image.
   * @default {seeds.map((seed) => philoxNoise(seed))}
   */
  noise?: readonly NoiseSource[];
  /**
   * The noisy images at `levels[0]`. With a `Float64Array` the whole run is in float64.
   * @default {noise times startScale}
   */
  start?: T;
  /**
   * What unit noise is multiplied by where the run starts from nothing else: at least 0.
   * @default {levels[0].sigma}
   */
  startScale?: number;
  /**
   * Clean images to start from, with the noise of `levels[0]` added: image-to-image, see `lastLevels`. Not together with
   * `start`.
   */
  image?: T;
  /** A stopped run to go on with, over the same levels. Sources other than Philox are to be restored and given as `noise`. */
  resume?: RunState<T>;
  /**
   * The level of the process whose λ = ln(alpha / sigma) is the one given, for solvers that stop between two levels.
   * @default {(lambda) => between(level, next, lambda)}
   */
  at?: (lambda: number) => Level;
  /** Stops the run between two evaluations; the promise is rejected with its reason. */
  signal?: AbortSignal;
  /** Called after every step, for previews and progress. The run waits for what it returns. */
  onStep?: (event: StepEvent<T>) => void | Promise<void>;
}

/**
 * Draws images: moves noise down the list of levels with a solver and a denoiser.
 *
 * @param denoiser The network, wrapped to estimate the clean images.
 * @param options Levels, solver, seeds, and ways to watch and to stop.
 * @returns The images at the last level, one after the other.
 * @throws {RangeError} If the levels, the solver and the denoiser do not go together.
 */
export async function sample<T extends Floats = Float32Array>(
  denoiser: Denoiser<T>,
  options: SampleOptions<T>,
): Promise<T> {
  let x = options.resume?.x ?? options.start;
  for await (const event of steps(denoiser, options)) {
    await options.onStep?.(event);
    x = event.x;
  }
  return x!;
}

/**
 * The run of {@linkcode sample} as a generator, which makes a step whenever it is asked for one. `onStep` is not called.
 */
export async function* steps<T extends Floats = Float32Array>(
  denoiser: Denoiser<T>,
  options: SampleOptions<T>,
): AsyncGenerator<StepEvent<T>, void, void> {
  const { levels, size, solver = ddim(), seeds, resume, signal } = options;
  const sources = options.noise ?? resume?.noise.map(restorePhilox) ??
    seeds?.map((seed) => philoxNoise(seed)) ?? [];
  const count = levels.length - 1;
  checkLevels(levels, solver);
  denoiser.check?.(levels);
  solver.check?.(levels);

  checkStart(options);

  let x = resume?.x ?? options.start ?? firstImages(sources, options);
  const images = x.length / size;
  checkImages(images, sources, solver);
  let history: readonly Past<T>[] = resume?.history ?? [];
  const memory = new Map<string, Floats>(resume?.memory);
  let scratch: T | undefined;

  for (let index = resume?.index ?? 0; index < count; index++) {
    signal?.throwIfAborted();
    const level = levels[index]!;
    const next = levels[index + 1]!;
    const call = { images, step: index, memory, ...(signal && { signal }) };
    let seen: Past<T> | undefined;

    const result = await solver.step<T>({
      x,
      level,
      next,
      last: levels[count]!,
      index,
      steps: count,
      history,
      async denoise(at = x, where = level) {
        const prediction = toPrediction(await denoiser(at, where, call));
        signal?.throwIfAborted();
        if (prediction.x0.length !== at.length) {
          throw new RangeError(
            `Cannot sample as the denoiser must return ${at.length} numbers: current value is ${prediction.x0.length}`,
          );
        }
        seen ??= { level: where, x: at, ...prediction };
        return prediction;
      },
      noise(from = level, to = next) {
        scratch ??= like(x);
        fill(scratch, sources, size, { from: from.sigma, to: to.sigma });
        return scratch;
      },
      at: options.at,
    });

    const past = seen;
    const moved = ArrayBuffer.isView(result) ? result : result.x;
    if (isNoisier(next, level) && solver.direction === "any") {
      history = [];
    } else if (past !== undefined && solver.history) {
      const corrected = ArrayBuffer.isView(result) ? undefined : {
        x: result.start,
        ...(result.epsilon && { epsilon: result.epsilon }),
      };
      history = [{ ...past, ...corrected }, ...history]
        .slice(0, solver.history);
    }
    x = moved;
    const state = {
      index: index + 1,
      x,
      history,
      memory: new Map(memory),
      noise: sources.map((source) => source.state()),
    };
    yield {
      index,
      steps: count,
      level,
      next,
      x,
      x0: past?.x0 ?? x,
      epsilon: () =>
        past === undefined ? like(moved) : epsilonOf(past.x, past, past.level),
      state: () => state,
    };
    if (index + 1 < count) await nextTask();
  }
}

/** Fills each image of `out` from its own source. */
function fill(
  out: Floats,
  sources: readonly NoiseSource[],
  size: number,
  interval?: NoiseInterval,
): void {
  sources.forEach((source, k) => {
    source.normal(out.subarray(k * size, (k + 1) * size), interval);
  });
}

/** Noise of the first level, on top of clean images where there are any. */
function firstImages<T extends Floats>(
  sources: readonly NoiseSource[],
  { levels, size, image, startScale }: SampleOptions<T>,
): T {
  const { alpha, sigma } = levels[0]!;
  const length = sources.length * size;
  if (image !== undefined && image.length !== length) {
    throw new RangeError(
      `Cannot sample as image must hold ${sources.length} images of ${size} numbers, one a seed: current value is ${image.length}`,
    );
  }
  const x = image === undefined
    ? new Float32Array(length) as Floats as T
    : like(image);
  fill(x, sources, size);
  return image === undefined
    ? mix(startScale ?? sigma, x, 0, x, x)
    : mix(sigma, x, alpha, image, x);
}

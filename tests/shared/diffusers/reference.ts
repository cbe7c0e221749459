import {
  type Denoiser,
  type Level,
  type NoiseSource,
  type Past,
  steps,
} from "@emoji/diffusion";
import { torchNoise } from "@emoji/diffusion/random";
import { type DiffusersPlan, fromDiffusers } from "@emoji/diffusion/diffusers";
import assert from "node:assert/strict";

/** Numbers in one dummy image, and images in a dummy batch. */
export const SIZE = 192;
export const IMAGES = 4;

/** `dummy_sample_deter` of diffusers: value at [b, i] is (4·i + b) / length. */
export function dummySample(size = SIZE): Float64Array {
  const length = size * IMAGES;
  return Float64Array.from(
    { length },
    (_, k) => (k % size * IMAGES + Math.floor(k / size)) / length,
  );
}

/** `dummy_noise_deter` of diffusers: the same backwards. */
export function dummyNoise(size = SIZE): Float64Array {
  const length = size * IMAGES;
  return dummySample(size).map((value) => (length - 1) / length - value);
}

/** `dummy_model` of diffusers: x·t / (t + 1). */
export function dummyModel(x: Float64Array, t: number): Float64Array {
  return x.map((value) => value * t / (t + 1));
}

/** `negmodel` of the vectors, which drives clean images out of [-1, 1]. */
export function negModel(x: Float64Array, t: number): Float64Array {
  return dummyModel(x, t).map((value) => -0.5 * value);
}

/** One torch generator for a whole batch. Its numbers are float32 ones in float64 runs too. */
export function batchNoise(seed: number): NoiseSource {
  const source = torchNoise(seed);
  return {
    normal(out) {
      const numbers = new Float32Array(out.length);
      source.normal(numbers);
      out.set(numbers);
    },
    state: () => source.state(),
  };
}

/** How a reference loop runs. */
export interface Loop {
  /** Configuration of the scheduler. */
  config: Record<string, unknown>;
  /** Number of steps. */
  steps: number;
  /** Whether tables are torch's float32 ones. */
  float32: boolean;
  /** Stochasticity of DDIM and TCD. */
  eta?: number;
  /** Whether DDIM goes on with the noise that follows from the clipped images. */
  rederives?: boolean;
  /** Timesteps to use. */
  timesteps?: number[];
  /** Step the loop starts at, with the dummy noise added to the start. */
  from?: number;
  /** Start, unit scale. */
  start?: Float64Array;
  /** Network. */
  model?: (x: Float64Array, t: number) => Float64Array;
  /** Noise for the whole batch, seed 0 unless told otherwise. */
  noise?: NoiseSource;
  /** Whether the loop feeds scaled images back, as most upstream tests of the Euler family do. */
  feedsScaled?: boolean;
  /** Whether a second evaluation gives clean images of the scaled image, and not its slope. */
  keepsX0?: boolean;
  /** Numbers in an image. */
  size?: number;
  /** Whether clean images are bounded per image; noise then belongs to the first. */
  perImage?: boolean;
  /** Whether the start is not scaled. */
  unscaled?: boolean;
  /** Whether a late start counts missing slopes as zeros, as LMS does upstream. */
  lmsZeros?: boolean;
  /** Changes the plan. */
  change?: (plan: DiffusersPlan) => DiffusersPlan;
}

/** Runs a loop of the upstream tests and returns its last images. */
export async function runLoop(loop: Loop): Promise<Float64Array> {
  const { config, float32, from = 0, size = SIZE } = loop;
  const { eta, timesteps, change = (plan) => plan } = loop;
  const plan = change(fromDiffusers(config, loop.steps, {
    float32,
    ...(eta !== undefined && { eta }),
    ...(timesteps && { timesteps }),
    useClippedModelOutput: loop.rederives ?? false,
    finalNoise: true,
  }));
  const scale = loop.unscaled ? 1 : plan.startScale;
  let x: Float64Array = (loop.start ?? dummySample(size)).map((value) =>
    value * scale
  );
  if (from > 0) {
    const { alpha, sigma } = plan.levels[from]!;
    const noise = dummyNoise(size);
    const own = plan.levels[0]!.alpha === 1 ? 1 : alpha;
    x = x.map((value, i) => own * value + sigma * noise[i]!);
  }
  const model = loop.model ?? dummyModel;
  const network = (input: Float64Array, t: number) => model(input, t);
  const denoiser = loop.feedsScaled
    ? scaledDenoiser(
      network,
      config["prediction_type"] === "v_prediction",
      loop.keepsX0,
    )
    : plan.denoiser<Float64Array>(network);
  const images = loop.perImage ? IMAGES : 1;
  const noise = Array.from(
    { length: images },
    () => loop.noise ?? batchNoise(0),
  );
  let history: readonly Past<Float64Array>[] = [];
  if (loop.lmsZeros && from > 0) {
    const zeros = new Float64Array(x.length);
    history = [1, 2, 3].map((k) => ({
      level: plan.levels[from - k]!,
      x: zeros,
      x0: zeros,
    }));
  }
  for (let index = from; index < plan.levels.length - 1; index++) {
    if (loop.feedsScaled) x = scaledInput(x, plan.levels[index]!);
    const resume = { index, x, history, memory: new Map(), noise: [] };
    const options = { ...plan, size: x.length / images, noise, resume };
    for await (const event of steps<Float64Array>(denoiser, options)) {
      x = event.x;
      history = event.state().history;
      break;
    }
  }
  return x;
}

function scaledInput(x: Float64Array, { sigma }: Level): Float64Array {
  return x.map((value) => value / Math.sqrt(sigma ** 2 + 1));
}

/**
 * The denoiser of upstream loops that hand the scaled image to `step`: at the start of a step x already is scaled, at a
 * second evaluation it is not, but its slope is that of the scaled image.
 */
function scaledDenoiser(
  network: (x: Float64Array, t: number) => Float64Array,
  predictsV: boolean,
  keepsX0 = false,
): Denoiser<Float64Array> {
  let at: number | undefined;
  return (x, level, call) => {
    const first = at !== call.step;
    at = call.step;
    const input = first ? x : scaledInput(x, level);
    const { sigma, t } = level;
    const output = network(input, t);
    return x.map((value, i) => {
      const x0 = predictsV
        ? input[i]! / (sigma ** 2 + 1) -
          output[i]! * sigma / Math.sqrt(sigma ** 2 + 1)
        : input[i]! - sigma * output[i]!;
      return keepsX0 ? x0 : value - (input[i]! - x0);
    });
  };
}

/** Sum of the absolute values. */
export function sumOf(x: Float64Array): number {
  return x.reduce((sum, value) => sum + Math.abs(value), 0);
}

/** Checks a number within an absolute tolerance. */
export function near(
  actual: number,
  expected: number,
  tolerance: number,
  what: string,
): void {
  assert.ok(
    Math.abs(actual - expected) <= tolerance,
    `${what}: ${actual} is not ${expected} ± ${tolerance}`,
  );
}

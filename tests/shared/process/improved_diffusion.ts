import {
  alphaBarBetas,
  betaSchedule,
  cosineAlphaBar,
  linearBetas,
} from "@emoji/diffusion/schedules";
import {
  addNoise,
  diffusionProcess,
  fixedLarge,
  fixedSmall,
  learned,
  learnedRange,
  PREDICTIONS,
  previousParameterization,
} from "@emoji/diffusion/process";
import file from "../../testdata/goldens/improved_diffusion.json" with {
  type: "json",
};

/** The golden numbers of improved-diffusion, by name. */
export const goldens: Record<string, unknown> = file.goldens;

/** Their two processes. */
export const processes = {
  linear: diffusionProcess(betaSchedule(linearBetas(1000))),
  cosine: diffusionProcess(betaSchedule(alphaBarBetas(1000, cosineAlphaBar()))),
};
export const parameterizations = {
  EPSILON: PREDICTIONS.epsilon,
  START_X: PREDICTIONS.x0,
  PREVIOUS_X: previousParameterization,
};
export const variances = {
  FIXED_SMALL: fixedSmall,
  FIXED_LARGE: fixedLarge,
  LEARNED: learned,
  LEARNED_RANGE: learnedRange,
};

export const images = 4;
export const size = 3 * 8 * 8;
export const indices = [0, 1, 250, 999];

/** Numbers of the shape [4, 3, 8, 8], by their idx. */
function field(value: (idx: number) => number): Float64Array {
  return Float64Array.from(
    { length: images * size },
    (_, i) => value((i % size) * images + Math.floor(i / size)),
  );
}

export const x0 = field((idx) => (idx * 37) % 256 / 127.5 - 1);
export const noise = field((idx) => Math.SQRT2 * Math.sin(0.37 * idx + 0.1));
export const raw = field((idx) => Math.cos(0.11 * idx));

/** Noisy images at the golden levels. */
export function noisy(process: (typeof processes)["linear"]): Float64Array {
  return addNoise(x0, noise, indices.map((t) => process.levels[t]!));
}

/** The golden network: 0.9 x t / (t + 1) with each image's own t. */
export function network(
  x: Float64Array,
  timesteps: readonly number[],
): Float64Array {
  const size = x.length / timesteps.length;
  return x.map((value, i) => {
    const t = timesteps[Math.floor(i / size)]!;
    return 0.9 * value * t / (t + 1);
  });
}

/** Mean of the numbers of each image. */
export function means(x: Float64Array): number[] {
  return indices.map((_, k) =>
    x.subarray(k * size, (k + 1) * size).reduce(
      (sum, value) => sum + value,
      0,
    ) / size
  );
}

/** Mean of the absolute numbers of each image. */
export function meanAbs(x: Float64Array): number[] {
  return means(x.map(Math.abs));
}

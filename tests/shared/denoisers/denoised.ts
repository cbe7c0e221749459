import { type Denoiser, type Level, toPrediction } from "@emoji/diffusion";
import assert from "node:assert/strict";

/** A run's first evaluation, of one image. */
export const call = { images: 1, step: 0 };

/** The clean images that a denoiser sees. */
export async function x0Of(
  denoiser: Denoiser<Float64Array>,
  x: Float64Array,
  level: Level,
): Promise<Float64Array> {
  return toPrediction(await denoiser(x, level, call)).x0;
}

/** Asserts that numbers are within `tolerance`. */
export function near(
  actual: Float64Array,
  expected: Float64Array,
  tolerance = 1e-12,
): void {
  expected.forEach((value, i) =>
    assert.ok(
      Math.abs(actual[i]! - value) <= tolerance,
      `[${i}] ${actual[i]} is not ${value}`,
    )
  );
}

/**
 * Diffusion samplers: noise schedules, step lists, denoisers, solvers and the one loop that drives them.
 *
 * @example An image of a Gaussian distribution, whose ideal denoiser is known
 * ```ts
 * import { dpmpp2m, sample, veLevel } from "@emoji/diffusion";
 * import assert from "node:assert/strict";
 *
 * const levels = [80, 40, 20, 10, 5, 2.5, 1.2, 0.6, 0.3, 0.1, 0].map(veLevel);
 * const image = await sample(
 *   (x, { sigma }) => x.map((value) => value / (1 + sigma ** 2)),
 *   { levels, solver: dpmpp2m(), size: 3 * 8 * 8, seeds: [42] },
 * );
 * assert.equal(image.length, 3 * 8 * 8);
 * ```
 *
 * @module
 */
export * from "./floats.ts";
export * from "./level.ts";
export * from "./run_state.ts";
export * from "./sample.ts";
export * from "./denoisers/mod.ts";
export * from "./editing/mod.ts";
export * from "./random/noise_source.ts";
export * from "./random/philox.ts";
export * from "./random/seed.ts";
export * from "./solvers/mod.ts";

/**
 * Which levels a run visits, noisy to clean.
 *
 * @example Ten DDIM steps of a model trained on 1000 levels
 * ```ts
 * import { betaSchedule, linearBetas } from "@emoji/diffusion/schedules";
 * import { timestepLevels, trailingTimesteps } from "@emoji/diffusion/steps";
 * import assert from "node:assert/strict";
 *
 * const levels = timestepLevels(betaSchedule(linearBetas(1000)), trailingTimesteps(1000, 10));
 * assert.deepEqual(levels.map((level) => level.t), [999, 899, 799, 699, 599, 499, 399, 299, 199, 99, -1]);
 * ```
 *
 * @module
 */
export type { Level } from "../level.ts";
export type { Interpolation } from "../schedules/interpolate.ts";
export type { LogSnr } from "../schedules/log_snr.ts";
export type { Schedule } from "../schedules/schedule.ts";
export * from "./align_your_steps.ts";
export * from "./beta.ts";
export * from "./exponential.ts";
export * from "./flow.ts";
export * from "./karras.ts";
export * from "./lcm.ts";
export * from "./log_snr_levels.ts";
export * from "./schedule_levels.ts";
export * from "./sections.ts";
export * from "./sigma_grid.ts";
export * from "./sigma_levels.ts";
export * from "./strength.ts";
export * from "./timesteps.ts";
export * from "./vp.ts";

/**
 * Noise schedules: which levels a process has, discrete or continuous.
 *
 * @example The schedule of Ho et al. (2020)
 * ```ts
 * import { betaSchedule, linearBetas, scheduleLevel } from "@emoji/diffusion/schedules";
 * import assert from "node:assert/strict";
 *
 * const schedule = betaSchedule(linearBetas(1000));
 * const { alpha, sigma } = scheduleLevel(schedule, 999);
 * assert.ok(alpha < 0.01 && sigma > 0.99);
 * ```
 *
 * @module
 */
export type { Level } from "../level.ts";
export * from "./alpha_bar.ts";
export * from "./betas.ts";
export * from "./interpolate.ts";
export * from "./linspace.ts";
export * from "./log_snr.ts";
export * from "./schedule.ts";
export * from "./zero_terminal_snr.ts";

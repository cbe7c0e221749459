/**
 * Which levels a run visits, noisy to clean.
 *
 * @module
 */
export * from "./karras.ts";
export * from "./sigma_levels.ts";
export type { Level } from "../level.ts";

/**
 * Denoisers: what a network predicts, and what is done to its clean images before a solver sees them.
 *
 * @module
 */
export * from "./boundary.ts";
export * from "./clip.ts";
export * from "./denoiser.ts";
export * from "./edm.ts";
export * from "./guidance_rules.ts";
export * from "./guide.ts";
export * from "./learned_variance.ts";
export * from "./precondition.ts";
export * from "./predictions.ts";
export * from "./self_condition.ts";
export * from "./threshold.ts";

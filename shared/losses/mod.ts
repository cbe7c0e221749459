/**
 * Training losses, their weights, and the distributions that training levels are drawn from. Numbers and tables;
 * tensors stay with the trainer.
 *
 * @example The levels and weights of a batch of EDM training
 * ```ts
 * import { edmWeight, logNormalSigma } from "@emoji/diffusion/losses";
 * import { philoxNoise } from "@emoji/diffusion/random";
 * import assert from "node:assert/strict";
 *
 * const uniform = new Float64Array(64);
 * philoxNoise("batch 0").uniform(uniform);
 * const sigmas = uniform.map(logNormalSigma({ mean: -1.2, std: 1.2 }));
 * const weights = sigmas.map((sigma) => edmWeight(sigma, 0.5));
 * assert.ok(weights.every((weight) => weight > 0));
 * ```
 *
 * @module
 */
export type { NoisedImages } from "../likelihood/bound.ts";
export type * from "../process/mod.ts";
export * from "./loss_aware_sampler.ts";
export * from "./sigma_distributions.ts";
export * from "./time_distributions.ts";
export * from "./training_loss.ts";
export * from "./weights.ts";

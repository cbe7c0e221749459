/**
 * Loss weights and the distributions that training levels are drawn from.
 *
 * @module
 */
export * from "./sigma_distributions.ts";
export * from "./weights.ts";

/**
 * The variational bound on the likelihood of images, in bits per dimension.
 *
 * @module
 */
export type * from "../process/mod.ts";
export type * from "../random/noise_source.ts";
export * from "./bits_per_dimension.ts";
export * from "./bound.ts";
export * from "./gaussian.ts";

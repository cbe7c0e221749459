/**
 * Sources of randomness, one an image, all of them reproducible on every engine.
 *
 * @module
 */
export * from "./brownian.ts";
export * from "./mixed.ts";
export * from "./noise_source.ts";
export * from "./normal_from_word.ts";
export * from "./normal_quantile.ts";
export * from "./philox.ts";
export * from "./restore.ts";
export * from "./seed.ts";
export * from "./torch.ts";

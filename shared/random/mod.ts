/**
 * Sources of randomness, one an image, all of them reproducible on every engine.
 *
 * @module
 */
export * from "./noise_source.ts";
export * from "./normal_from_word.ts";
export * from "./normal_quantile.ts";
export * from "./philox.ts";
export * from "./seed.ts";
export * from "./torch.ts";

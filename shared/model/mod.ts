/**
 * Pictures of an exported model: its config and a request become levels and a solver, its network a denoiser.
 *
 * @module
 */
export * from "./draw_planes.ts";
export * from "./model_denoiser.ts";
export * from "./plan_sampling.ts";

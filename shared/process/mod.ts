/**
 * Gaussian diffusion processes: tables, forward and reverse steps, and conversions between the kinds of prediction.
 *
 * @module
 */
export {
  type PredictionName,
  PREDICTIONS,
  type PredictionWeights,
} from "../denoisers/predictions.ts";
export type { Floats } from "../floats.ts";
export type { Level } from "../level.ts";
export type { Schedule } from "../schedules/schedule.ts";
export * from "../variance.ts";
export * from "./noising.ts";
export * from "./parameterization.ts";
export * from "./process.ts";
export * from "./reverse.ts";

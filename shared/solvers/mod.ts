/**
 * Solvers: how a run moves from one noise level to the next.
 *
 * @module
 */
export * from "./churn.ts";
export * from "./consistency.ts";
export * from "./ddim.ts";
export * from "./ddim_inverse.ts";
export * from "./ddpm.ts";
export * from "./deis.ts";
export * from "./dpm2.ts";
export * from "./dpm_adaptive.ts";
export * from "./dpm_multistep.ts";
export { dpmFast, type DpmFastOptions } from "./dpm_single.ts";
export * from "./dpm_singlestep.ts";
export * from "./dpmpp_2m.ts";
export * from "./dpmpp_2s_ancestral.ts";
export * from "./dpmpp_sde.ts";
export * from "./euler.ts";
export * from "./euler_ancestral.ts";
export * from "./flow_heun.ts";
export * from "./heun.ts";
export type { LearnedVariance } from "./learned_noise.ts";
export * from "./lms.ts";
export * from "./plms.ts";
export * from "./sa_solver.ts";
export * from "./scaled_noise.ts";
export * from "./solver.ts";
export * from "./tcd.ts";
export * from "./unipc.ts";

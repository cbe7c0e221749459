import { type DpmOptions, dpmpp } from "./dpm_multistep.ts";
import type { Solver } from "./solver.ts";

/**
 * DPM-Solver++(2M), Lu et al. (2022b), algorithm 2: {@linkcode dpmpp} of order 2.
 *
 * The first step and the step to the clean image are of order 1, that is {@linkcode ddim}. One evaluation a step.
 */
export function dpmpp2m(
  options: Pick<DpmOptions, "exactSlope" | "lowerOrderFinal"> = {},
): Solver {
  return { ...dpmpp(options), name: "dpmpp-2m" };
}

/** Options for {@linkcode dpmpp2mSde} and {@linkcode dpmpp3mSde}. */
export type SdeOptions = Omit<DpmOptions, "order">;

/** DPM-Solver++(2M) for the SDE, Lu et al. (2022b): {@linkcode dpmpp} of order 2 with `eta` 1. */
export function dpmpp2mSde(options: SdeOptions = {}): Solver {
  return { ...dpmpp({ eta: 1, ...options }), name: "dpmpp-2m-sde" };
}

/** DPM-Solver++(3M) for the SDE of k-diffusion: {@linkcode dpmpp} of order 3 with `eta` 1. */
export function dpmpp3mSde(options: SdeOptions = {}): Solver {
  return {
    ...dpmpp({ eta: 1, exactSlope: true, ...options, order: 3 }),
    name: "dpmpp-3m-sde",
  };
}

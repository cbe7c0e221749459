import { mix } from "../floats.ts";
import { requireNumber } from "./_options.ts";
import type { Solver } from "./solver.ts";

/**
 * A solver whose own noise is multiplied by a number, the `s_noise` of k-diffusion and diffusers: a little above 1 makes up
 * for detail that a denoiser takes away with the noise (Karras et al., 2022, section 4). The noise of the start is left alone.
 *
 * @param solver Any solver; nothing changes for those that add no noise.
 * @param scale Standard deviation of the noise, in units of what the solver asks for; at least 0.
 * @throws {RangeError} If `scale` is out of range.
 */
export function scaledNoise(solver: Solver, scale: number): Solver {
  requireNumber("scale", scale, 0);
  return {
    ...solver,
    step: (run) =>
      solver.step({
        ...run,
        noise(from, to) {
          const z = run.noise(from, to);
          return mix(scale, z, 0, z, z);
        },
      }),
  };
}

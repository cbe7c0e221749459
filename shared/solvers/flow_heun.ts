import { combine, mix } from "../floats.ts";
import type { Solver } from "./solver.ts";

/**
 * Heun's method in the time of a straight flow, `x' = x + (t' − t)·(u + u') / 2` with the velocity `u = (x − x0) / t`
 * (Lipman et al., 2023), where `alpha = 1 − t` and `sigma = t`. {@linkcode heun} works in sigma / alpha instead, which is
 * infinite at the start of a flow. Two evaluations a step, one in the last.
 */
export function flowHeun(): Solver {
  return {
    name: "flow-heun",
    check(levels) {
      const level = levels.find(({ alpha, sigma }) =>
        Math.abs(alpha + sigma - 1) > 1e-6
      );
      if (level !== undefined) {
        throw new RangeError(
          `Cannot sample as flow-heun needs levels with alpha + sigma = 1: current value is { alpha: ${level.alpha}, sigma: ${level.sigma} }`,
        );
      }
    },
    async step({ x, level: { sigma: t }, next, denoise }) {
      const { x0 } = await denoise();
      const h = next.sigma - t;
      const euler = mix(1 + h / t, x, -h / t, x0);
      if (next.sigma === 0) return euler;
      const { x0: x0Next } = await denoise(euler, next);
      return combine([
        [1 + h / (2 * t), x],
        [-h / (2 * t), x0],
        [h / (2 * next.sigma), euler],
        [-h / (2 * next.sigma), x0Next],
      ]);
    },
  };
}

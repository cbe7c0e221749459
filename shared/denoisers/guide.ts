import { type Floats, mix } from "../floats.ts";
import type { Level } from "../level.ts";
import { type Denoiser, toPrediction } from "./denoiser.ts";

/** How strong the guidance is: one number, or one a level. 1 is none, and costs no second evaluation. */
export type GuidanceScale = number | ((level: Level) => number);

/**
 * Classifier-free guidance: `unconditional + scale · (conditional − unconditional)`. Ho and Salimans (2022), equation 6,
 * with `scale = 1 + w`. It is the same whether applied to x0, ε, v or a velocity.
 */
export function guide<T extends Floats = Float32Array>(
  conditional: Denoiser<T>,
  unconditional: Denoiser<T>,
  scale: GuidanceScale,
): Denoiser<T> {
  return Object.assign(async (...[x, level, call]: Parameters<Denoiser<T>>) => {
    const weight = typeof scale === "function" ? scale(level) : scale;
    const wanted = toPrediction(await conditional(x, level, call));
    if (weight === 1) return wanted;
    const other = toPrediction(await unconditional(x, level, call));
    return { ...wanted, x0: mix(weight, wanted.x0, 1 - weight, other.x0) };
  }, {
    check(levels: readonly Level[]) {
      conditional.check?.(levels);
      unconditional.check?.(levels);
    },
  });
}

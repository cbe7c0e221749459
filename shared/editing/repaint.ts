import { mix } from "../floats.ts";
import { isNoisier, type Level } from "../level.ts";
import type { Solver } from "../solvers/solver.ts";
import { inpaint, type InpaintOptions } from "./inpaint.ts";

/** Options for {@linkcode repaintLevels}. */
export interface RepaintLevelsOptions {
  /**
   * How many levels a jump back goes.
   * @default {10}
   */
  jumpLength?: number;
  /**
   * How often each stretch is drawn.
   * @default {10}
   */
  resamples?: number;
}

/**
 * The levels of a RePaint run: down the list, and every `jumpLength` levels back up by as many, `resamples` − 1 times.
 * Lugmayr et al. (2022), section 4.2 and appendix B.
 *
 * @param levels Any levels, noisy to clean.
 */
export function repaintLevels(
  levels: readonly Level[],
  { jumpLength = 10, resamples = 10 }: RepaintLevelsOptions = {},
): Level[] {
  for (const [name, value] of Object.entries({ jumpLength, resamples })) {
    if (!Number.isInteger(value) || value < 1) {
      throw new RangeError(
        `Cannot list levels as ${name} must be an integer >= 1: current value is ${value}`,
      );
    }
  }
  const noisy = levels.length - 1;
  const jumps = new Map<number, number>();
  for (let left = 0; left < noisy - jumpLength; left += jumpLength) {
    jumps.set(left, resamples - 1);
  }
  const visited: Level[] = [];
  for (let left = noisy - 1; left >= 0; left--) {
    visited.push(levels[noisy - 1 - left]!);
    const open = jumps.get(left) ?? 0;
    if (open === 0) continue;
    jumps.set(left, open - 1);
    for (let i = 0; i < jumpLength; i++) {
      visited.push(levels[noisy - 1 - ++left]!);
    }
  }
  return [...visited, levels[noisy]!];
}

/**
 * RePaint, Lugmayr et al. (2022), algorithm 1: {@linkcode inpaint} that goes back to more noise now and then, so that the
 * drawn part can follow the known one. A step to more noise is one of the forward process and costs no evaluation.
 */
export function repaint(solver: Solver, options: InpaintOptions): Solver {
  const inner = inpaint(solver, options);
  return {
    ...inner,
    name: `${solver.name}-repaint`,
    direction: "any",
    step(run) {
      const { x, level, next, noise } = run;
      if (!isNoisier(next, level)) return inner.step(run);
      // q(x_next | x_level): what is left of the signal, and the missing noise.
      const ratio = next.alpha / level.alpha;
      const added = next.sigma ** 2 - (ratio * level.sigma) ** 2;
      return Promise.resolve(mix(ratio, x, Math.sqrt(added), noise()));
    },
  };
}

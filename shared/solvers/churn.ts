import { type Floats, mix } from "../floats.ts";
import { type Level, noiseToSignal } from "../level.ts";
import { requireNumber } from "./_options.ts";
import { levelOfLambda, type Step } from "./solver.ts";

/** Noise added before a step, Karras et al. (2022), algorithm 2. */
export interface Churn {
  /**
   * Overall amount: sigma grows by `amount / steps` of itself before each step, at most by √2 − 1.
   * @default {0}
   */
  amount?: number;
  /**
   * Lowest and highest sigma of the levels where noise is added.
   * @default {[0, Infinity]}
   */
  range?: readonly [number, number];
  /**
   * Standard deviation of the noise added, in units of what the level asks for.
   * @default {1}
   */
  scale?: number;
}

/** Checks the options of a churn. */
export function requireChurn({ amount = 0, scale = 1 }: Churn): void {
  // Without end it is as much as a step may have.
  if (amount !== Infinity) requireNumber("churn.amount", amount, 0);
  requireNumber("churn.scale", scale, 0);
}

/** The images and level a step with churn starts from. */
export function churned<T extends Floats>(
  run: Step<T>,
  { amount = 0, range: [low, high] = [0, Infinity], scale = 1 }: Churn,
): { x: T; level: Level } {
  const { x, level, steps, noise } = run;
  const sigma = noiseToSignal(level);
  const gamma = Math.min(amount / steps, Math.SQRT2 - 1);
  if (!(gamma > 0 && sigma >= low && sigma <= high && sigma < Infinity)) {
    return { x, level };
  }
  const sigmaHat = sigma * (1 + gamma);
  const raised = levelOfLambda(run, -Math.log(sigmaHat));
  const deviation = raised.alpha * scale *
    Math.sqrt(sigmaHat ** 2 - sigma ** 2);
  return {
    x: mix(raised.alpha / level.alpha, x, deviation, noise(raised, level)),
    level: raised,
  };
}

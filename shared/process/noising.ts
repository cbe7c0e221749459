import { type Floats, like } from "../floats.ts";
import { type Level, posterior } from "../level.ts";

/**
 * Draws x_t from q(x_t | x0) = N(alpha·x0, sigma²): Ho et al. (2020), equation 4, for any process.
 *
 * @param x0 Clean images, flat.
 * @param noise Standard normal numbers, as many.
 * @param levels Level of all images, or one for each.
 * @returns Noisy images.
 * @throws {RangeError} If the lengths do not fit.
 */
export function addNoise<T extends Floats>(
  x0: T,
  noise: T,
  levels: Level | readonly Level[],
): T {
  return combine(x0, noise, levels, ({ alpha }) => alpha, ({ sigma }) => sigma);
}

/**
 * v = alpha·ε − sigma·x0, the target of v-prediction: Salimans and Ho (2022).
 *
 * @param x0 Clean images, flat.
 * @param noise The noise that was added, as many numbers.
 * @param levels Level of all images, or one for each.
 * @returns Velocities.
 * @throws {RangeError} If the lengths do not fit.
 */
export function velocity<T extends Floats>(
  x0: T,
  noise: T,
  levels: Level | readonly Level[],
): T {
  return combine(
    x0,
    noise,
    levels,
    ({ sigma }) => -sigma,
    ({ alpha }) => alpha,
  );
}

/**
 * Draws x_t from q(x_t | x_s), one forward step of the chain; the steps one after the other amount to {@linkcode
 * addNoise}.
 *
 * @param x Images at the cleaner level.
 * @param noise Standard normal numbers, as many.
 * @param from Level of `x`.
 * @param to Noisier level.
 * @returns Images at the noisier level.
 */
export function addNoiseStep<T extends Floats>(
  x: T,
  noise: T,
  from: Level,
  to: Level,
): T {
  const scale = to.alpha / from.alpha;
  const deviation = Math.sqrt(posterior(to, from).beta);
  return combine(x, noise, to, () => scale, () => deviation);
}

function combine<T extends Floats>(
  a: T,
  b: T,
  levels: Level | readonly Level[],
  weightA: (level: Level) => number,
  weightB: (level: Level) => number,
): T {
  const list = "sigma" in levels ? [levels] : levels;
  const size = a.length / list.length;
  if (b.length !== a.length || !Number.isInteger(size)) {
    throw new RangeError(
      `Cannot add noise as images, noise and levels must fit: current value is ${a.length}, ${b.length} and ${list.length}`,
    );
  }
  const out = like(a);
  for (const [k, level] of list.entries()) {
    const [p, q] = [weightA(level), weightB(level)];
    for (let i = k * size; i < (k + 1) * size; i++) {
      out[i] = p * a[i]! + q * b[i]!;
    }
  }
  return out;
}

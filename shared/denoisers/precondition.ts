import { type Floats, mix } from "../floats.ts";
import type { Level } from "../level.ts";
import type { Denoiser, Network } from "./denoiser.ts";

/** How a network's output becomes clean images at one noise level: `x0 = skip · x + out · F(scale · x, told)`. */
export interface Preconditioning {
  /** Weight of the noisy images in the result. */
  readonly skip: number;
  /** Weight of the network's output in the result. */
  readonly out: number;
  /** Weight of the noisy images in the network's input. */
  readonly scale: number;
  /** What the network hears of the level. */
  readonly told: number;
}

/**
 * Makes a denoiser of a network: equation 7 of Karras et al. (2022), of which every prediction type is a case.
 *
 * @param network The network F.
 * @param coefficients The weights at a level. They must be finite; the run is refused before it starts where they are not.
 */
export function precondition<T extends Floats = Float32Array>(
  network: Network<T>,
  coefficients: (level: Level) => Preconditioning,
): Denoiser<T> {
  async function denoise(
    x: T,
    level: Level,
    call: Parameters<Denoiser<T>>[2],
  ): Promise<T> {
    const { skip, out, scale, told } = coefficients(level);
    if (scale === 1) return mix(skip, x, out, await network(x, told, call));
    const input = mix(scale, x, 0, x);
    return mix(skip, x, out, await network(input, told, call), input);
  }
  return Object.assign(denoise, {
    check(levels: readonly Level[]) {
      for (const level of levels) {
        if (
          level.sigma > 0 &&
          !Object.values(coefficients(level)).every(Number.isFinite)
        ) {
          throw new RangeError(
            `Cannot sample as the network must be defined at every noise level: current value is ${
              JSON.stringify(level)
            }, where it would divide by zero`,
          );
        }
      }
    },
  });
}

import type { Floats } from "../floats.ts";
import { type Level, noiseToSignal } from "../level.ts";
import { type Denoiser, type Network, toPrediction, wrap } from "./denoiser.ts";
import { mix } from "../floats.ts";
import { precondition } from "./precondition.ts";

/** Options for {@linkcode latentConsistency}. */
export interface LatentConsistencyOptions {
  /**
   * Standard deviation of the data that the boundary condition assumes.
   * @default {0.5}
   */
  sigmaData?: number;
  /**
   * What the level's `t` is multiplied by.
   * @default {10}
   */
  timestepScaling?: number;
}

/**
 * The boundary condition of a latent consistency model, Luo et al. (2023), equation 9: `cSkip(t)·x + cOut(t)·x0`, so
 * that the clean image is left as it is.
 */
export function latentConsistency<T extends Floats = Float32Array>(
  denoiser: Denoiser<T>,
  { sigmaData = 0.5, timestepScaling = 10 }: LatentConsistencyOptions = {},
): Denoiser<T> {
  return wrap([denoiser], async (x, level, call) => {
    const { x0 } = toPrediction(await denoiser(x, level, call));
    const t = level.t * timestepScaling;
    const norm = t ** 2 + sigmaData ** 2;
    return mix(sigmaData ** 2 / norm, x, t / Math.sqrt(norm), x0);
  });
}

/** Options for {@linkcode consistencyModel}. */
export interface ConsistencyModelOptions {
  /**
   * Standard deviation of the data.
   * @default {0.5}
   */
  sigmaData?: number;
  /**
   * Noise-to-signal ratio where the boundary condition holds.
   * @default {0.002}
   */
  sigmaMin?: number;
  /**
   * What the network hears of a level.
   * @default {(level) => 250 · ln(sigma + 1e-44)}
   */
  tell?: (level: Level) => number;
}

/** The denoiser of a consistency model: EDM preconditioning shifted to the boundary, Song et al. (2023), appendix C. */
export function consistencyModel<T extends Floats = Float32Array>(
  network: Network<T>,
  options: ConsistencyModelOptions = {},
): Denoiser<T> {
  const {
    sigmaData = 0.5,
    sigmaMin = 0.002,
    tell = (level) => 250 * Math.log(noiseToSignal(level) + 1e-44),
  } = options;
  return precondition(network, (level) => {
    const sigma = noiseToSignal(level);
    const skip = sigmaData ** 2 / ((sigma - sigmaMin) ** 2 + sigmaData ** 2);
    const norm = Math.sqrt(sigma ** 2 + sigmaData ** 2);
    return {
      skip: skip / level.alpha,
      out: (sigma - sigmaMin) * sigmaData / norm,
      scale: 1 / (norm * level.alpha),
      told: tell(level),
    };
  });
}

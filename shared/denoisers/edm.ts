import type { Floats } from "../floats.ts";
import { type Level, noiseToSignal } from "../level.ts";
import type { Denoiser, Network } from "./denoiser.ts";
import { precondition, type Preconditioning } from "./precondition.ts";

/** Weights of Karras et al. (2022), table 1. */
export interface EdmCoefficients {
  /** Weight of the noisy image in the clean estimate. */
  readonly cSkip: number;
  /** Weight of the network's output in the clean estimate. */
  readonly cOut: number;
  /** Weight of the noisy image in the network's input, which gives it unit variance. */
  readonly cIn: number;
  /** What the network hears of the level. */
  readonly cNoise: number;
  /** λ(σ), the weight of the squared error of the clean estimate in the training loss; 1 / cOut². */
  readonly weight: number;
}

/**
 * Preconditioning of Karras et al. (2022), table 1: `D(x; σ) = cSkip·x + cOut·F(cIn·x, cNoise)`.
 *
 * @param sigma Noise level, > 0, of an image whose own scale is 1.
 * @param sigmaData Standard deviation of the data.
 */
export function edmCoefficients(
  sigma: number,
  sigmaData = 0.5,
): EdmCoefficients {
  const total = sigma ** 2 + sigmaData ** 2;
  return {
    cSkip: sigmaData ** 2 / total,
    cOut: sigma * sigmaData / Math.sqrt(total),
    cIn: 1 / Math.sqrt(total),
    cNoise: Math.log(sigma) / 4,
    weight: total / (sigma * sigmaData) ** 2,
  };
}

/** Options for {@linkcode edm}. */
export interface EdmOptions {
  /**
   * Standard deviation of the data the network was trained on.
   * @default {0.5}
   */
  sigmaData?: number;
}

/**
 * The denoiser of a network preconditioned as in Karras et al. (2022). On a process whose `alpha` is not 1 the images
 * are rescaled, so that it serves DDPM and flow runs too.
 */
export function edm<T extends Floats = Float32Array>(
  network: Network<T>,
  options: EdmOptions = {},
): Denoiser<T> {
  return precondition(network, edmPreconditioning(options));
}

/** {@linkcode edmCoefficients} at a level of any process, with the images' own scale taken out. */
export function edmPreconditioning(
  { sigmaData = 0.5 }: EdmOptions = {},
): (level: Level) => Preconditioning {
  if (!(sigmaData > 0)) {
    throw new RangeError(
      `Cannot precondition as sigmaData must be > 0: current value is ${sigmaData}`,
    );
  }
  return (level) => {
    const { cSkip, cOut, cIn, cNoise } = edmCoefficients(
      noiseToSignal(level),
      sigmaData,
    );
    return {
      skip: cSkip / level.alpha,
      out: cOut,
      scale: cIn / level.alpha,
      told: cNoise,
    };
  };
}

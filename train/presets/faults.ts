import type { RunConfig } from "../config.ts";
import type { SamplingFaults } from "../faults.ts";

/** Mistakes in sampling, by name. */
const SAMPLING: Readonly<Record<string, keyof SamplingFaults>> = {
  /** x_t is cut to [−1, 1] after every step of sampling. */
  "clamp-steps": "clampSteps",
  /** ᾱ of the clean picture is 0 instead of 1. */
  "zero-first-alpha-bar": "zeroFirstAlphaBar",
  /** The last step of sampling is left out. */
  "skip-last-step": "skipLastStep",
  /** Each finished picture is stretched to the full range. */
  "stretch": "stretch",
};

/** Names of the mistakes that need no training of their own. */
export const SAMPLING_FAULTS: readonly string[] = Object.keys(SAMPLING);

/** What the emoji notebook gets wrong, by name; each turns one mistake on. */
export const FAULTS: Readonly<
  Record<string, (config: RunConfig) => RunConfig>
> = {
  /** The network never learns the noise level: the addition of its embedding is commented out. */
  "deaf": (config) => {
    const { network } = config;
    if (network.type !== "plain-unet") {
      throw new RangeError(
        `Cannot turn the fault deaf on as the network must be a plain-unet: current value is ${network.type}`,
      );
    }
    return { ...config, network: { ...network, deaf: true } };
  },
  /** Noisy training pictures are cut to [−1, 1]. */
  "clamp-training": (config) => ({
    ...config,
    objective: { ...config.objective, clampNoisy: true },
  }),
  ...Object.fromEntries(
    Object.entries(SAMPLING).map(([name, fault]) => [
      name,
      (config: RunConfig): RunConfig => ({
        ...config,
        faults: { ...config.faults, [fault]: true },
      }),
    ]),
  ),
};

/**
 * Mistakes in sampling by their names.
 *
 * @throws {RangeError} If a name is unknown, or of a mistake that a network learns with.
 */
export function samplingFaults(names: readonly string[]): SamplingFaults {
  return Object.fromEntries(names.map((name) => {
    const fault = Object.hasOwn(SAMPLING, name) ? SAMPLING[name] : undefined;
    if (fault === undefined) {
      throw new RangeError(
        `Cannot sample with faults as each must be one of ${
          SAMPLING_FAULTS.join(", ")
        }: current value is ${name}`,
      );
    }
    return [fault, true];
  }));
}

/** Those of the faults that act in training; the others need no run of their own. */
export function trainingFaults(names: readonly string[]): string[] {
  return names.filter((name) => !SAMPLING_FAULTS.includes(name));
}

/** Turns faults on. */
export function withFaults(
  config: RunConfig,
  names: readonly string[],
): RunConfig {
  return names.reduce((config, name) => {
    const apply = Object.hasOwn(FAULTS, name) ? FAULTS[name] : undefined;
    if (apply === undefined) {
      throw new RangeError(
        `Cannot turn faults on as each must be one of ${
          Object.keys(FAULTS).join(", ")
        }: current value is ${name}`,
      );
    }
    return apply(config);
  }, config);
}

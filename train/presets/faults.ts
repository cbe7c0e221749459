import type { RunConfig } from "../config.ts";

/** What the emoji notebook gets wrong, by name; each turns one mistake on. */
export const FAULTS: Readonly<
  Record<string, (config: RunConfig) => RunConfig>
> = {
  /** The network never learns the noise level: the addition of its embedding is commented out. */
  "deaf": (config) => ({
    ...config,
    network: config.network.type === "plain-unet"
      ? { ...config.network, deaf: true }
      : config.network,
  }),
  /** Noisy training pictures are cut to [−1, 1]. */
  "clamp-training": (config) => ({
    ...config,
    objective: { ...config.objective, clampNoisy: true },
  }),
  /** x_t is cut to [−1, 1] after every step of sampling. */
  "clamp-steps": sampling("clampSteps"),
  /** ᾱ of the clean picture is 0 instead of 1. */
  "zero-first-alpha-bar": sampling("zeroFirstAlphaBar"),
  /** The last step of sampling is left out. */
  "skip-last-step": sampling("skipLastStep"),
  /** Each finished picture is stretched to the full range. */
  "stretch": sampling("stretch"),
};

function sampling(fault: keyof NonNullable<RunConfig["faults"]>) {
  return (config: RunConfig): RunConfig => ({
    ...config,
    faults: { ...config.faults, [fault]: true },
  });
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

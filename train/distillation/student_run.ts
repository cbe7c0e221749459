import type { Level } from "@emoji/diffusion";
import { planSampling } from "@emoji/diffusion/model-sampler";
import { ddimTarget } from "@emoji/diffusion/solvers";
import type { RunConfig } from "../config.ts";
import { DISTILLED_SAMPLING, samplingDefaults } from "../model_config.ts";

/** A step of a student's run. */
export interface RunStep {
  /** Where it starts. */
  level: Level;
  /** Where the network leads. */
  next: Level;
  /** Deviation of the noise that is added there. */
  added: number;
}

/** Creates the function that lists the steps of a run of so many, as the exported student will take them. */
export function studentRun(
  config: RunConfig,
): (steps: number) => readonly RunStep[] {
  const { process } = config.objective;
  const sampling = { ...samplingDefaults(config), ...DISTILLED_SAMPLING };
  return (steps) => {
    const { levels, eta } = planSampling({ process, sampling }, { steps });
    return levels.slice(1).map((end, k) => {
      const level = levels[k]!;
      const next = ddimTarget(level, end, eta);
      const added = Math.sqrt(Math.max(0, end.sigma ** 2 - next.sigma ** 2));
      return { level, next, added };
    });
  };
}

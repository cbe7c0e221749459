import type { RunConfig } from "../config.ts";

/** How a network learns to draw in few steps what its teacher draws in many. */
export interface DistillationConfig {
  /** Guidance scale of the teacher, which the student has folded in. */
  guidance: number;
  /**
   * How far the teacher is led away from what a worse version of it answers, folded in as well (autoguidance; Karras et
   * al. 2024).
   * @default {1} not at all, which needs no worse version
   */
  autoguidance?: number;
  /** Numbers of steps of a run that are learned, each as often as it stands here. */
  steps: readonly number[];
  /** Steps of the teacher in a whole run, shared out among those of the student. */
  teacherSteps: number;
  /** Numbers that tell the student how far a step goes. */
  features: number;
  /**
   * Numbers of steps of the runs whose pictures are to be distributed as the teacher's are, each as often as it stands
   * here: distribution matching (Yin et al. 2024).
   * @default {none}
   */
  matching?: readonly number[];
}

/** Most steps that a teacher takes for one of its student's. */
export const MAX_SUBSTEPS = 8;

/** How a teacher is led, and what it teaches. */
export interface DistilledOptions
  extends Pick<DistillationConfig, "guidance" | "autoguidance"> {
  /**
   * Whether runs of few steps learn by distribution matching.
   * @default {false}
   */
  matching?: boolean;
}

/** A preset's run, turned into one that learns from a guided teacher. */
export function distilled(
  preset: RunConfig,
  { guidance, autoguidance, matching = false }: DistilledOptions,
): RunConfig {
  return {
    ...preset,
    learningRate: 3e-4,
    warmupImages: 16_000,
    images: 600_000,
    cooldown: 0.5,
    distillation: {
      guidance,
      ...(autoguidance !== undefined && { autoguidance }),
      ...(matching
        ? { steps: [12, 16, 25, 50], matching: [1, 2, 3, 4, 4, 4, 4, 4, 6, 8] }
        : {
          steps: [1, 2, 3, 4, 4, 4, 4, 4, 4, 4, 4, 5, 6, 8, 12, 16, 25, 50],
        }),
      teacherSteps: 16,
      features: 8,
    },
  };
}

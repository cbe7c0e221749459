import type { RunConfig } from "../config.ts";
import type { ScaleByLevel } from "./scale_by_level.ts";

/** How far a teacher is guided. */
export interface TeacherScales {
  /** Guidance scale. */
  guidance: number;
  /**
   * How far the teacher is led away from what a worse version of it answers (autoguidance; Karras et al. 2024).
   * @default {1} not at all, which needs no worse version
   */
  autoguidance?: ScaleByLevel;
  /**
   * Share of the mean of each channel that guidance leaves alone, from 0 to 1; colours are the stronger the less it is.
   * @default {1}
   */
  centring?: number;
}

/** Runs of few steps whose pictures are to be distributed as a teacher's are: distribution matching (Yin et al. 2024). */
export interface Matching extends TeacherScales {
  /** Numbers of steps of a run, each as often as it stands here. */
  steps: readonly number[];
  /**
   * Share of what makes pictures look real to the critic, which learns to tell them from real ones, in where they are
   * moved; the rest is the teacher's.
   * @default {0}
   */
  adversarial?: number;
}

/** How a network learns to draw in few steps what its guided teacher draws in many; the student has the scales folded in. */
export interface DistillationConfig extends TeacherScales {
  /** Numbers of steps of a run that are learned, each as often as it stands here. */
  steps: readonly number[];
  /** Steps of the teacher in a whole run, shared out among those of the student. */
  teacherSteps: number;
  /** Numbers that tell the student how far a step goes. */
  features: number;
  /**
   * What is learned by distribution matching.
   * @default {nothing}
   */
  matching?: Matching;
}

/** Numbers that tell a student how far a step goes. */
export const STEP_FEATURES = 8;

/** Most steps that a teacher takes for one of its student's. */
export const MAX_SUBSTEPS = 8;

/** How a teacher is led, and what it teaches. */
export interface DistilledOptions extends TeacherScales {
  /**
   * How it is led where runs of few steps learn by distribution matching.
   * @default {they do not}
   */
  matching?: Omit<Matching, "steps">;
}

/** A preset's run, turned into one that learns from a guided teacher. */
export function distilled(
  preset: RunConfig,
  { matching, ...scales }: DistilledOptions,
): RunConfig {
  return {
    ...preset,
    warmupImages: 16_000,
    // Matching is quick, and falls apart where it goes on for long at its full rate.
    ...(matching
      ? { learningRate: 2e-4, images: 90_000, cooldown: 0.7 }
      : { learningRate: 3e-4, images: 600_000, cooldown: 0.5 }),
    distillation: {
      ...scales,
      ...(matching
        ? {
          steps: [12, 16, 25, 50],
          matching: { ...matching, steps: [1, 2, 3, 4, 4, 4, 4, 4, 6, 8] },
        }
        : {
          steps: [1, 2, 3, 4, 4, 4, 4, 4, 4, 4, 4, 5, 6, 8, 12, 16, 25, 50],
        }),
      teacherSteps: 16,
      features: STEP_FEATURES,
    },
  };
}

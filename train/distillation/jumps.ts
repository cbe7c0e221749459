/**
 * What a student of few steps practises: one step of a run of theirs, and the smaller ones that its teacher takes for it
 * (Salimans & Ho 2022; several sizes of step in one network as in Frans et al. 2024).
 *
 * @module
 */

import { lambda, type Level, noiseToSignal } from "@emoji/diffusion";
import { openProcess } from "@emoji/diffusion/open-process";
import { philoxNoise } from "@emoji/diffusion/random";
import { karrasLevels } from "@emoji/diffusion/steps";
import type { RunConfig } from "../config.ts";
import type { TrainingLevel } from "../objectives/objective.ts";
import { uniforms } from "../uniforms.ts";
import { MAX_SUBSTEPS } from "./distillation.ts";
import { type EachLevel, eachLevel } from "./guided.ts";
import { studentRun } from "./student_run.ts";

/** Stream of the run's seed that says how many steps the run of a training step has. */
const JUMP_STREAM = 5;

/** A step of a student's run, as a training example. */
export interface Jump extends TrainingLevel {
  /** Where the step ends. */
  next: Level;
  /** Levels at which the teacher stops on the way, the step's own two included. */
  path: readonly Level[];
}

/** The jumps of a training step, at shares in (0, 1) of a run; all of one batch belong to runs of the same length. */
export type JumpSource = (step: number, shares: readonly number[]) => Jump[];

/**
 * Creates the source of a distillation's jumps.
 *
 * @throws {RangeError} If the process is not EDM.
 */
export function jumpSource(config: RunConfig): JumpSource {
  const { distillation, objective: { process } } = config;
  if (!distillation || process.type !== "edm") {
    throw new RangeError(
      `Cannot distil as the process must be edm: current value is ${process.type}`,
    );
  }
  const { coefficients } = openProcess(process);
  const { sigmaMin } = process;
  const runs = distillation.steps.map(studentRun(config));
  const root = philoxNoise(config.seed, { stream: JUMP_STREAM });

  /** The levels of a teacher's run between two of the student's; to the clean picture by way of the process's last. */
  function pathBetween(from: Level, to: Level, parts: number): Level[] {
    if (parts === 1) return [from, to];
    const isLast = to.sigma === 0;
    const levels = karrasLevels(isLast ? parts : parts + 1, {
      sigmaMax: from.sigma,
      sigmaMin: isLast ? Math.min(sigmaMin, from.sigma) : to.sigma,
    });
    return [from, ...levels.slice(1, parts), to];
  }

  return function drawJumps(step, shares) {
    const [pick] = uniforms(root.split(step), 1);
    const run = runs[Math.floor(pick! * runs.length)]!;
    const steps = run.length;
    const parts = Math.max(
      1,
      Math.min(MAX_SUBSTEPS, Math.round(distillation.teacherSteps / steps)),
    );
    return shares.map((share) => {
      const { level, next } = run[Math.floor(share * steps)]!;
      return {
        level,
        next,
        coefficients: coefficients(level),
        weight: 1,
        path: pathBetween(level, next, parts),
      };
    });
  };
}

/** What the teacher computes with, one number an example each; `[steps][examples]`. */
export interface LessonStep extends EachLevel {
  /** Share of the noise that is kept. */
  keep: Float32Array;
  /** How much of the change since the last estimate is added to this one (Lu et al. 2022b, algorithm 2). */
  lean: Float32Array;
}

/** What a teacher needs to show a batch of examples what to do. */
export interface Lesson {
  /** Its steps. */
  steps: LessonStep[];
  /** Share of the noise that the student's whole step keeps. */
  keep: Float32Array;
  /** Condition vectors as the teacher reads them: those of the examples, then those of nothing asked for. */
  condition: Float32Array;
}

/** Lays the numbers of jumps out for a batch. */
export function lessonSteps(
  jumps: readonly Jump[],
  coefficientsOf: (level: Level) => TrainingLevel["coefficients"],
): LessonStep[] {
  const count = jumps[0]!.path.length - 1;
  return Array.from({ length: count }, (_, k) => {
    const keep = ({ path }: Jump) => keptNoise(path[k]!, path[k + 1]!);
    return {
      ...eachLevel(jumps.map(({ path }) => path[k]!), coefficientsOf),
      keep: Float32Array.from(jumps, keep),
      lean: Float32Array.from(jumps, ({ path }) => leaning(path, k)),
    };
  });
}

/** σ′/σ of a step. */
export function keptNoise(from: Level, to: Level): number {
  return noiseToSignal(to) / noiseToSignal(from);
}

/** 1/(2r) of DPM-Solver++(2M), where r is the last step's length in λ over this one's; 0 for the first and the last. */
function leaning(path: readonly Level[], k: number): number {
  if (k === 0 || path[k + 1]!.sigma === 0) return 0;
  const length = (k: number) => lambda(path[k + 1]!) - lambda(path[k]!);
  return length(k) / (2 * length(k - 1));
}

/**
 * What is drawn while a network learns by distribution matching: by a student the first steps of a run of few, from noise;
 * for an upsampler whole runs of the model whose pictures it enlarges.
 *
 * @module
 */

import { openProcess } from "@emoji/diffusion/open-process";
import { philoxNoise } from "@emoji/diffusion/random";
import { stepFeatures } from "@emoji/diffusion/step-features";
import type { RunConfig } from "../config.ts";
import type { LevelDistribution } from "../objectives/levels.ts";
import { openObjective, type TrainingLevel } from "../objectives/objective.ts";
import { uniforms } from "../uniforms.ts";
import { type EachLevel, eachLevel } from "../distillation/guided.ts";
import { type RunStep, studentRun } from "../distillation/student_run.ts";

/** Stream of the run's seed for the pictures that a student draws. */
const REHEARSAL_STREAM = 7;

/**
 * Noisy versions of each picture that the critic learns from. The first says where the picture should go, and is no
 * noisier than where the step began, which has settled what more noise leaves to see.
 */
const TRIALS = 2;

/** A step of a student's run, the same for all examples. */
export interface RehearsedStep {
  /** Coefficients where it starts. */
  at: EachLevel;
  /** What the student is told of the step, `[examples, features]`. */
  features: Float32Array;
  /** Share of the noise that the network's step keeps. */
  keep: number;
  /** Noise added after it: `[examples, …]`. */
  noise: Float32Array;
}

/** A finished picture with new noise. */
export interface Trial {
  /** Coefficients of its level, whose noise has sigma for deviation. */
  at: EachLevel;
  /** The noise: `[examples, …]`. */
  noise: Float32Array;
}

/** What is rehearsed in one training step. */
export interface Rehearsal {
  /** Noise that the run starts from. */
  start: Float32Array;
  /** Steps of the run, up to the one that is learned. */
  steps: readonly RehearsedStep[];
  /** What the pictures that it leads to are judged by. */
  trials: readonly Trial[];
}

/** Draws the rehearsal of examples `from` to `to` of a training step. */
export type RehearsalSource = (
  step: number,
  from: number,
  to: number,
) => Rehearsal;

/** What a run rehearses. */
interface Rehearsed {
  /** The runs of steps. */
  runs: (readonly RunStep[])[];
  /** Numbers that tell the network how far a step goes. */
  features: number;
  /** Whether all of a run is drawn, not only up to the step that is learned. */
  whole: boolean;
  /** How many values a picture has while it is drawn. */
  values: number;
  /** Distribution of the levels that pictures are judged at. */
  levels: LevelDistribution;
}

function rehearsedBy(
  config: RunConfig,
  values: number,
): Rehearsed | undefined {
  const { distillation, upsample, objective: { levels } } = config;
  if (distillation?.matching) {
    const { features, matching: { steps } } = distillation;
    const runs = steps.map(studentRun(config));
    return { runs, features, whole: false, values, levels };
  }
  if (upsample?.matching) {
    const { matching: { steps, features, levels }, width } = upsample;
    const runs = steps.map(studentRun(config));
    return { runs, features, whole: true, values: values / width ** 2, levels };
  }
  return undefined;
}

/** Creates the source of a run's rehearsals of pictures with so many values; none where it does not learn by matching. */
export function rehearsalSource(
  config: RunConfig,
  values: number,
): RehearsalSource | undefined {
  const rehearsed = rehearsedBy(config, values);
  if (rehearsed === undefined) return undefined;
  const { runs, features, whole, levels } = rehearsed;
  const { coefficients } = openProcess(config.objective.process);
  const { draw } = openObjective({ ...config.objective, levels });
  /** The share of judging levels that are no noisier than where a step began. */
  const below = new Map(
    runs.flat().map((
      { level },
    ) => [level.sigma, whole ? 1 : shareBelow(draw, level.sigma)]),
  );
  const root = philoxNoise(config.seed, { stream: REHEARSAL_STREAM });

  return function drawRehearsal(step, from, to) {
    const count = to - from;
    // The step's own source says what is rehearsed, those of its examples draw their noise.
    const source = root.split(step);
    const [pickRun, pickStep, offset] = uniforms(source, 3);
    const run = runs[Math.floor(pickRun! * runs.length)]!;
    const last = whole ? run.length - 1 : Math.floor(pickStep! * run.length);
    const sources = Array.from(
      { length: count },
      (_, i) => source.split(from + i),
    );
    const noise = (deviation: number, values = rehearsed.values) => {
      const out = new Float32Array(count * values);
      sources.forEach((source, row) =>
        source.normal(out.subarray(row * values, (row + 1) * values))
      );
      for (let i = 0; i < out.length; i++) out[i]! *= deviation;
      return out;
    };
    return {
      start: noise(run[0]!.level.sigma),
      steps: run.slice(0, last + 1).map(({ level, next, added }, k) => ({
        at: eachLevel(Array(count).fill(level), coefficients),
        features: tiled(stepFeatures(level, next, features), count),
        keep: next.sigma / level.sigma,
        noise: k < last ? noise(added) : new Float32Array(0),
      })),
      trials: Array.from({ length: TRIALS }, (_, trial) => {
        const jitters = sources.map((source) => uniforms(source, 1)[0]!);
        const most = trial === 0 ? below.get(run[last]!.level.sigma)! : 1;
        // One level from each of `batch` equal shares of the distribution.
        const drawn = draw(
          jitters.map((jitter, row) =>
            most * (((from + row + jitter) / config.batch + offset!) % 1) ||
            Number.EPSILON
          ),
        );
        return {
          at: eachLevel(drawn.map(({ level }) => level), coefficients),
          noise: noise(1, values),
        };
      }),
    };
  };
}

/** The share of a distribution of levels that is below `sigma`. */
function shareBelow(
  draw: (shares: number[]) => readonly TrainingLevel[],
  sigma: number,
): number {
  let [low, high] = [0, 1];
  for (let i = 0; i < 40; i++) {
    const middle = (low + high) / 2;
    if (draw([middle])[0]!.level.sigma < sigma) low = middle;
    else high = middle;
  }
  return high;
}

function tiled(row: Float32Array, count: number): Float32Array {
  const out = new Float32Array(count * row.length);
  for (let i = 0; i < count; i++) out.set(row, i * row.length);
  return out;
}

/**
 * A worker's part of a training step: the gradient of its share of the batch, the update of its share of the weights.
 *
 * @module
 */

import * as tf from "@tensorflow/tfjs";
import type { LossAwareSampler } from "@emoji/diffusion/losses";
import { batchTensors } from "../batch_tensors.ts";
import { learningRate } from "../config.ts";
import { averageDecay, updateAverage } from "../ema.ts";
import { splitLearned } from "../loss_gradient.ts";
import { CRITIC_RATE } from "../matching/critic.ts";
import { STATISTIC_MOMENTUM } from "../network/graph.ts";
import { STATISTIC } from "../network/parameters.ts";
import { moveStatistics } from "../optimizer.ts";
import { barrier } from "./barrier.ts";
import type { Running } from "./running.ts";
import { take } from "./take.ts";

/** Loss and gradient of this worker's share of the batch of `step`, part by part. */
async function computeGradient(run: Running, step: number): Promise<number> {
  const { setup: { config, index, workers }, memory } = run;
  const { accumulation = 1 } = config;
  const part = config.batch / workers / accumulation;
  const gradient = memory.gradients[index]!;
  let loss = 0;
  for (let k = 0; k < accumulation; k++) {
    const from = (index * accumulation + k) * part;
    const result = await partGradient(run, step, from, from + part);
    if (k === 0) gradient.set(result.gradient);
    else result.gradient.forEach((value, i) => gradient[i]! += value);
    loss += result.loss;
  }
  if (accumulation > 1) {
    gradient.forEach((value, i) => gradient[i] = value / accumulation);
  }
  return loss / accumulation;
}

/** Loss and gradient of examples `from` to `to` of the batch of `step`. */
async function partGradient(
  run: Running,
  step: number,
  from: number,
  to: number,
): Promise<{ loss: number; gradient: Float32Array }> {
  const { setup: { config }, memory, network } = run;
  const batch = run.drawBatch(step, from, to, run.aware);
  const { loss, gradient, examples } = tf.tidy(() => {
    const learned = tf.tensor1d(memory.learned.slice());
    const [flat, others] = splitLearned(
      learned,
      run.matched && { size: memory.critic.length },
    );
    const matched = run.matched && {
      student: { network: run.matched.student, flat },
      critic: { network: run.matched.critic, flat: others },
      slope: run.matched.slope,
    };
    const tensors = batchTensors(network, flat, batch, config, {
      ...run.given,
      matched,
    });
    return run.lossGradient(learned, tensors, batch);
  });
  const losses = await take(examples);
  if (run.aware) {
    losses.forEach((loss, row) =>
      memory.examples.set([loss, batch.t[row]!], 2 * (from + row))
    );
  }
  return { gradient: await take(gradient), loss: (await take(loss))[0]! };
}

/** One number of every worker, summed in the order of the workers. */
function sumOverWorkers(run: Running, value: number): number {
  const { setup: { index, workers }, memory } = run;
  memory.sums[index] = value;
  barrier(memory.barrier, workers);
  let sum = 0;
  for (let i = 0; i < workers; i++) sum += memory.sums[i]!;
  barrier(memory.barrier, workers);
  return sum;
}

/** Takes training step number `step`, from 0; returns the batch's loss and its gradient's norm. */
export async function trainStep(
  run: Running,
  step: number,
): Promise<{ loss: number; norm: number }> {
  const { setup: { config, index, workers }, memory } = run;
  const loss = sumOverWorkers(run, await computeGradient(run, step)) / workers;

  const range = run.optimizer.share(index, workers);
  const [gradient, ...others] = memory.gradients as [
    Float32Array,
    ...Float32Array[],
  ];
  let square = 0;
  for (let i = range.from; i < range.to; i++) {
    let sum = gradient[i]!;
    for (const other of others) sum += other[i]!;
    gradient[i] = sum;
    if (run.decayMask[i] !== STATISTIC) square += sum * sum;
  }
  const norm = Math.sqrt(sumOverWorkers(run, square)) / workers;
  if (!Number.isFinite(norm) || !Number.isFinite(loss)) return { loss, norm };

  const vectors = {
    ...memory,
    weights: memory.learned,
    decayMask: run.decayMask,
  };
  moveStatistics(vectors, gradient, range, STATISTIC_MOMENTUM / workers);
  const own = { ...range, to: Math.min(range.to, memory.weights.length) };
  const critic = {
    ...range,
    from: Math.max(range.from, memory.weights.length),
  };
  for (
    const [part, rate] of [
      [own, learningRate(config, (step + 1) * config.batch)],
      [critic, CRITIC_RATE * config.learningRate],
    ] as const
  ) {
    if (part.from >= part.to) continue;
    await run.optimizer.update(vectors, gradient, part, {
      ...config.optimizer,
      step: step + 1,
      learningRate: rate,
      gradientScale: clipFactor(config.clip, norm) / workers,
    });
  }
  config.ema.forEach((length, i) => {
    updateAverage(
      memory.averages[i]!,
      memory.weights,
      own,
      averageDecay(length, step + 1),
    );
  });
  barrier(memory.barrier, workers);
  if (run.aware) {
    learnChances(run.aware, memory.examples);
    // Nobody may write the next step's losses before all have read these.
    barrier(memory.barrier, workers);
  }
  return { loss, norm };
}

/** What brings a gradient of a norm to the largest that is allowed; 0 allows all. */
function clipFactor(largest: number, norm: number): number {
  return largest === 0 ? 1 : Math.min(1, largest / norm);
}

/** Every worker learns of every example, in the same order. */
function learnChances(aware: LossAwareSampler, examples: Float32Array): void {
  const column = (k: number) => examples.filter((_, i) => i % 2 === k);
  aware.update(column(1), column(0));
}

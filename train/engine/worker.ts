/**
 * A worker thread of the training engine: its own backend, a share of every batch, a share of the weights to update.
 *
 * @module
 */

import * as tf from "@tensorflow/tfjs";
import type { ConditionLayout } from "@emoji/diffusion/condition";
import type { LossAwareSampler } from "@emoji/diffusion/losses";
import { type Backend, openBackend } from "../backend.ts";
import { type BatchSource, batchSource } from "../batch.ts";
import { conditionLayout } from "../condition_layout.ts";
import {
  readTeacher,
  type TeacherPaths,
} from "../distillation/read_teacher.ts";
import { learningRate } from "../config.ts";
import { CRITIC_RATE, summarizeCritic } from "../distillation/critic.ts";
import { loadDataset } from "../dataset.ts";
import { averageDecay, updateAverage } from "../ema.ts";
import {
  batchTensors,
  exampleLosses,
  type GivenNetworks,
  inputShape,
  type TensorNetwork,
  tensorNetwork,
} from "../loss.ts";
import {
  lossGradient,
  type LossGradientOf,
  splitLearned,
} from "../loss_gradient.ts";
import { STATISTIC_MOMENTUM } from "../network/graph.ts";
import {
  decayMask,
  STATISTIC,
  summarizeNetwork,
} from "../network/parameters.ts";
import { readHistory, writeHistory } from "../objectives/loss_history.ts";
import { type OpenOptimizer, openOptimizer } from "../open_optimizer.ts";
import { moveStatistics } from "../optimizer.ts";
import type { SampledNetwork } from "../upsampling/denoise_first.ts";
import { barrier } from "./barrier.ts";
import { type TrainingMemory, viewMemory } from "./memory.ts";
import type { FromWorker, ToWorker, WorkerSetup } from "./messages.ts";

interface Running {
  setup: WorkerSetup;
  memory: TrainingMemory;
  network: TensorNetwork;
  lossGradient: LossGradientOf;
  drawBatch: BatchSource;
  decayMask: Uint8Array;
  optimizer: OpenOptimizer;
  /** What the network learns from beside pictures. */
  given: GivenNetworks;
  /** The network and its critic, for answers without gradients; where it learns by distribution matching. */
  matched?: { student: TensorNetwork; critic: TensorNetwork };
  /** What levels are drawn by, where that depends on the losses so far. */
  aware?: LossAwareSampler | undefined;
}

const scope = globalThis as unknown as {
  onmessage: (event: MessageEvent<ToWorker>) => void;
  postMessage(message: FromWorker, transfer?: Transferable[]): void;
};
let running: Running | undefined;

async function start(setup: WorkerSetup): Promise<Running> {
  const { config } = setup;
  const { kernels, compile, description } = await openBackend(setup.backend, {
    threads: setup.threads,
    precision: setup.precision,
  });
  const dataset = await loadDataset(setup.data);
  const layout = conditionLayout(
    dataset.manifest.vocabularies,
    config.distillation,
  );
  const { parameters } = summarizeNetwork(
    config.network,
    config.size,
    layout.size,
  );
  const network = tensorNetwork(config.network, parameters, kernels);
  const given = setup.teacher === undefined
    ? {}
    : await openGiven(setup, setup.teacher, layout, { kernels, compile });
  const memory = viewMemory(setup.memory, setup.layout);
  const others = summarizeCritic(config, layout);
  const critic = others && {
    network: tensorNetwork(config.network, others.parameters, kernels),
    size: others.size,
  };
  const learned = [...parameters, ...others?.parameters ?? []];
  scope.postMessage({ type: "ready", description });
  return {
    setup,
    memory,
    network,
    lossGradient: lossGradient(network, config, compile, critic),
    drawBatch: batchSource(dataset, layout, config),
    decayMask: decayMask(learned),
    optimizer: openOptimizer(config.optimizer, learned),
    given,
    ...(critic && {
      matched: {
        student: compiledNetwork(network, compile),
        critic: compiledNetwork(critic.network, compile),
      },
    }),
  };
}

/** Opens a teacher and, where there is one, the worse version of it; or the model whose pictures are to be enlarged. */
async function openGiven(
  { config }: WorkerSetup,
  paths: TeacherPaths,
  { size, step }: ConditionLayout,
  { kernels, compile }: Pick<Backend, "kernels" | "compile">,
): Promise<GivenNetworks> {
  async function open(path: string): Promise<SampledNetwork> {
    const stored = await readTeacher(path, step?.offset ?? size, config);
    const network = tensorNetwork(stored.network, stored.parameters, kernels);
    return {
      network: compiledNetwork(network, compile),
      flat: tf.tensor1d(stored.weights),
      features: stored.features,
    };
  }
  const { teacher, weak } = paths;
  const first = await open(teacher);
  if (config.upsample) return { sampled: first };
  return {
    teacher: {
      ...first,
      ...(weak !== undefined && { weak: await open(weak) }),
    },
  };
}

/** A network whose answers are one operation each. */
function compiledNetwork(
  network: TensorNetwork,
  compile: Backend["compile"],
): TensorNetwork {
  const predict = compile((...inputs) => [
    network.predict(...inputs as Parameters<TensorNetwork["predict"]>),
  ]);
  return {
    predict: (flat, x, level, condition) =>
      predict(flat, x, level, condition)[0] as tf.Tensor4D,
  };
}

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

/** The values of a tensor, which is disposed of. */
async function take(tensor: tf.Tensor): Promise<Float32Array> {
  const values = await tensor.data<"float32">();
  tensor.dispose();
  return values;
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
async function trainStep(
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

async function train(run: Running, from: number, to: number): Promise<void> {
  const losses: number[] = [];
  const norms: number[] = [];
  run.aware = readHistory(run.memory.history);
  barrier(run.memory.barrier, run.setup.workers);
  for (let step = from; step < to; step++) {
    const { loss, norm } = await trainStep(run, step);
    losses.push(loss);
    norms.push(norm);
    if (!Number.isFinite(loss + norm)) break;
  }
  if (run.aware && run.setup.index === 0) {
    writeHistory(run.memory.history, run.aware);
  }
  scope.postMessage({
    type: "trained",
    losses,
    norms,
    tensors: tf.memory().numTensors,
  });
}

scope.onmessage = async ({ data }) => {
  if (data.type === "start") {
    running = await start(data.setup);
    return;
  }
  const run = running!;
  const { config } = run.setup;
  switch (data.type) {
    case "train":
      return await train(run, data.from, data.to);
    case "losses": {
      const { weights, batch } = data;
      const losses = await take(tf.tidy(() => {
        const flat = tf.tensor1d(weights);
        const tensors = batchTensors(
          run.network,
          flat,
          batch,
          config,
          run.given,
        );
        return exampleLosses(run.network, flat, tensors, batch, config).plain;
      }));
      return scope.postMessage({ type: "losses", losses });
    }
    case "predict": {
      const { count, x, level, condition } = data;
      const output = await take(tf.tidy(() =>
        run.network.predict(
          tf.tensor1d(data.weights),
          tf.tensor4d(x, inputShape(config, count)),
          tf.tensor2d(level, [count, 1]),
          tf.tensor2d(condition, [count, condition.length / count]),
        )
      ));
      return scope.postMessage({ type: "predicted", output });
    }
  }
};

/**
 * A worker thread of the training engine: its own backend, a share of every batch, a share of the weights to update.
 *
 * @module
 */

import * as tf from "@tensorflow/tfjs";
import { openBackend } from "../backend.ts";
import { type BatchSource, batchSource } from "../batch.ts";
import { conditionLayout } from "../condition_layout.ts";
import { learningRate } from "../config.ts";
import { loadDataset } from "../dataset.ts";
import { averageDecay, updateAverage } from "../ema.ts";
import { exampleLosses, type TensorNetwork, tensorNetwork } from "../loss.ts";
import { decayMask, summarizeNetwork } from "../network/parameters.ts";
import { adamw } from "../optimizer.ts";
import { barrier } from "./barrier.ts";
import { type TrainingMemory, viewMemory } from "./memory.ts";
import type { FromWorker, ToWorker, WorkerSetup } from "./messages.ts";

interface Running {
  setup: WorkerSetup;
  memory: TrainingMemory;
  network: TensorNetwork;
  drawBatch: BatchSource;
  decayMask: Uint8Array;
}

const scope = globalThis as unknown as {
  onmessage: (event: MessageEvent<ToWorker>) => void;
  postMessage(message: FromWorker, transfer?: Transferable[]): void;
};
let running: Running | undefined;

async function start(setup: WorkerSetup): Promise<Running> {
  const { config } = setup;
  const { kernels, description } = await openBackend(setup.backend, {
    threads: setup.threads,
    precision: setup.precision,
  });
  const dataset = await loadDataset(setup.data);
  const layout = conditionLayout(dataset.manifest.vocabularies);
  const { parameters } = summarizeNetwork(
    config.network,
    config.size,
    layout.size,
  );
  scope.postMessage({ type: "ready", description });
  return {
    setup,
    memory: viewMemory(setup.memory, setup.layout),
    network: tensorNetwork(config.network, parameters, kernels),
    drawBatch: batchSource(dataset, layout, config),
    decayMask: decayMask(parameters),
  };
}

/** Loss and gradient of this worker's share of the batch of `step`. */
async function computeGradient(run: Running, step: number): Promise<number> {
  const { setup: { config, index, workers }, memory } = run;
  const share = config.batch / workers;
  const batch = run.drawBatch(step, index * share, (index + 1) * share);
  const { value, grad } = tf.tidy(() =>
    tf.valueAndGrad((flat) =>
      tf.mean(
        exampleLosses(run.network, flat as tf.Tensor1D, batch, config.size),
      )
    )(tf.tensor1d(memory.weights.slice()))
  );
  memory.gradients[index]!.set(await take(grad));
  return (await take(value))[0]!;
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

  const size = memory.weights.length;
  const range = {
    from: Math.floor(size * index / workers),
    to: Math.floor(size * (index + 1) / workers),
  };
  const [gradient, ...others] = memory.gradients as [
    Float32Array,
    ...Float32Array[],
  ];
  let square = 0;
  for (let i = range.from; i < range.to; i++) {
    let sum = gradient[i]!;
    for (const other of others) sum += other[i]!;
    gradient[i] = sum;
    square += sum * sum;
  }
  const norm = Math.sqrt(sumOverWorkers(run, square)) / workers;
  if (!Number.isFinite(norm) || !Number.isFinite(loss)) return { loss, norm };

  adamw({ ...memory, decayMask: run.decayMask }, gradient, range, {
    ...config.adam,
    step: step + 1,
    learningRate: learningRate(config, (step + 1) * config.batch),
    gradientScale: Math.min(1, config.clip / norm) / workers,
  });
  config.ema.forEach((length, i) => {
    updateAverage(
      memory.averages[i]!,
      memory.weights,
      range,
      averageDecay(length, step + 1),
    );
  });
  barrier(memory.barrier, workers);
  return { loss, norm };
}

async function train(run: Running, from: number, to: number): Promise<void> {
  const losses: number[] = [];
  const norms: number[] = [];
  for (let step = from; step < to; step++) {
    const { loss, norm } = await trainStep(run, step);
    losses.push(loss);
    norms.push(norm);
    if (!Number.isFinite(loss + norm)) break;
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
      const losses = await take(tf.tidy(() =>
        exampleLosses(
          run.network,
          tf.tensor1d(data.weights),
          data.batch,
          config.size,
        )
      ));
      return scope.postMessage({ type: "losses", losses });
    }
    case "predict": {
      const { count, x, level, condition } = data;
      const output = await take(tf.tidy(() =>
        run.network.predict(
          tf.tensor1d(data.weights),
          tf.tensor4d(x, [count, config.size, config.size, 4]),
          tf.tensor2d(level, [count, 1]),
          tf.tensor2d(condition, [count, condition.length / count]),
        )
      ));
      return scope.postMessage({ type: "predicted", output });
    }
  }
};

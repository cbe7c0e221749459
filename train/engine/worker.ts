/**
 * A worker thread of the training engine: its own backend, a share of every batch, a share of the weights to update.
 *
 * @module
 */

import * as tf from "@tensorflow/tfjs";
import { batchTensors } from "../batch_tensors.ts";
import { exampleLosses } from "../loss.ts";
import { readHistory, writeHistory } from "../objectives/loss_history.ts";
import { inputShape } from "../tensor_network.ts";
import { barrier } from "./barrier.ts";
import type { FromWorker, ToWorker } from "./messages.ts";
import { openRunning, type Running } from "./running.ts";
import { take } from "./take.ts";
import { trainStep } from "./train_step.ts";

const scope = globalThis as unknown as {
  onmessage: (event: MessageEvent<ToWorker>) => void;
  postMessage(message: FromWorker, transfer?: Transferable[]): void;
};
let running: Running | undefined;

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
    running = await openRunning(data.setup);
    const { description } = running;
    return scope.postMessage({ type: "ready", description });
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

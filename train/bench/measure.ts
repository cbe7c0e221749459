/**
 * Times the training step of the {@linkcode BenchSetup} on standard input and prints a {@linkcode BenchResult}: a
 * process of its own, since a backend that was opened stays, and some do not bear each other.
 *
 * @module
 */

import { conditionLayout } from "../condition_layout.ts";
import { loadDataset } from "../dataset.ts";
import { openEngine } from "../engine/engine.ts";
import { initialWeights, summarizeNetwork } from "../network/parameters.ts";
import type { BenchResult, BenchSetup } from "./setup.ts";
import { stopwatch } from "../stopwatch.ts";

/** Time that a measurement aims to take, after a step that warms up. */
const MEASURED_SECONDS = 3;

/** A forward pass and a backward pass of twice its work, two operations a MAC. */
const OPERATIONS_PER_MAC = 6;

async function measure(setup: BenchSetup): Promise<BenchResult> {
  const { config, data } = setup;
  const { manifest } = await loadDataset(data);
  const conditions =
    conditionLayout(manifest.vocabularies, config.distillation).size;
  const { network, size, seed, batch } = config;
  const summary = summarizeNetwork(network, size, conditions);
  const { size: parameters, macs } = summary;
  const engine = await openEngine({ ...setup, parameters, threads: 1 });
  engine.memory.weights.set(initialWeights(summary.parameters, seed));
  await engine.train(0, 2);

  const seconds = stopwatch();
  let steps = 0;
  do {
    const pace = steps === 0 ? Infinity : seconds() / steps;
    const more = Math.round((MEASURED_SECONDS - seconds()) / pace);
    const to = steps + Math.max(1, Math.min(more, 2 * steps));
    await engine.train(2 + steps, 2 + to);
    steps = to;
  } while (seconds() < MEASURED_SECONDS);
  const imagesPerSecond = steps * batch / seconds();
  const memory = Deno.memoryUsage().rss;
  engine.close();
  return {
    description: engine.description,
    imagesPerSecond,
    gflops: imagesPerSecond * macs * OPERATIONS_PER_MAC / 1e9,
    memory,
  };
}

const result = await measure(await new Response(Deno.stdin.readable).json())
  .catch((error): BenchResult => ({
    error: error.message.replace(/^Uncaught (\(in promise\) )?\w*Error: /, ""),
  }));
console.log(JSON.stringify(result));
Deno.exit(0);

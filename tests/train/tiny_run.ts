import { conditionLayout } from "../../train/condition_layout.ts";
import type { RunConfig } from "../../train/config.ts";
import { collect } from "../../train/data/collect.ts";
import { syntheticSource } from "../../train/data/sources/synthetic.ts";
import { type Dataset, saveDataset } from "../../train/dataset.ts";
import {
  type Engine,
  type EngineOptions,
  openEngine,
} from "../../train/engine/engine.ts";
import {
  initialWeights,
  summarizeNetwork,
} from "../../train/network/parameters.ts";
import { emoji } from "../../train/presets/emoji.ts";

/** The emoji preset, small enough for a test: 8×8 pictures, 8 a batch. */
export const tinyRun: RunConfig = {
  ...emoji,
  size: 8,
  network: {
    ...emoji.network,
    channels: [8, 16],
    blocks: [1, 1],
    embedding: 16,
    canvasHidden: 24,
  },
  batch: 8,
  images: 800,
  warmupImages: 40,
};

/** A folder with a data set of 48 flat shapes; `clean` deletes it. */
export async function tinyDataset(): Promise<
  { dir: string; dataset: Dataset; clean: () => Promise<void> }
> {
  const dir = await Deno.makeTempDir();
  const source = syntheticSource({ count: 48 });
  const { dataset } = await collect(source, { size: tinyRun.size });
  await saveDataset(dir, dataset);
  return { dir, dataset, clean: () => Deno.remove(dir, { recursive: true }) };
}

/** An engine with initial weights. */
export async function tinyEngine(
  data: string,
  dataset: Dataset,
  options: Partial<EngineOptions> = {},
): Promise<Engine> {
  const { size } = conditionLayout(dataset.manifest.vocabularies);
  const config = options.config ?? tinyRun;
  const summary = summarizeNetwork(config.network, config.size, size);
  const engine = await openEngine({
    config,
    parameters: summary.size,
    data,
    backend: "wasm",
    precision: "float32",
    workers: 1,
    threads: 1,
    ...options,
  });
  engine.memory.weights.set(initialWeights(summary.parameters, config.seed));
  for (const average of engine.memory.averages) {
    average.set(engine.memory.weights);
  }
  return engine;
}

/** Largest difference between two loss curves of one length, relative to the second. */
export function largestDifference(
  a: readonly number[],
  b: readonly number[],
): number {
  if (a.length !== b.length) return Infinity;
  return Math.max(...a.map((loss, step) => Math.abs(loss / b[step]! - 1)));
}

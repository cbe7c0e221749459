import assert from "node:assert/strict";
import type { RunConfig } from "../../../train/config.ts";
import { checkpointVectors } from "../../../train/engine/memory.ts";
import { nextSnapshot } from "../../../train/snapshots.ts";
import { tinyDataset, tinyEngine, tinyRun } from "../tiny_run.ts";

function copy(vectors: Record<string, Float32Array>) {
  return Object.fromEntries(
    Object.entries(vectors).map(([name, vector]) => [name, vector.slice()]),
  );
}

/** Learned variance, levels drawn by their losses, self-conditioning: everything that could lose its place. */
const learned: RunConfig = {
  ...tinyRun,
  network: { ...tinyRun.network, inputChannels: 8, outputChannels: 8 } as never,
  objective: {
    process: {
      type: "vp",
      schedule: { type: "cosine", length: 4 },
      prediction: "epsilon",
      variance: "learned",
      selfConditioning: true,
    },
    levels: { type: "loss-aware" },
    loss: "mse",
    bound: "hybrid",
    offsetNoise: 0.1,
  },
  optimizer: { ...tinyRun.optimizer, type: "radam" },
};

const notebook: RunConfig = {
  ...tinyRun,
  network: {
    type: "plain-unet",
    pictureChannels: 4,
    channels: [8, 8, 8],
    embedding: 8,
    levels: 1,
  },
  optimizer: { ...tinyRun.optimizer, type: "adam" },
  clip: 0,
};

Deno.test("train() resumed is bit-identical where levels depend on losses", async () => {
  const { dir, dataset, clean } = await tinyDataset();
  const open = () => tinyEngine(dir, dataset, { config: learned, workers: 2 });
  const [whole, first] = [await open(), await open()];
  await whole.train(0, 12);
  await first.train(0, 9);
  const saved = copy(checkpointVectors(first.memory, learned));
  assert.ok(saved.history!.every(Number.isFinite), "chances are learned");
  first.close();

  const second = await open();
  const targets = checkpointVectors(second.memory, learned);
  for (const [name, vector] of Object.entries(saved)) {
    targets[name]!.set(vector);
  }
  await second.train(9, 12);
  assert.deepEqual(
    copy(checkpointVectors(second.memory, learned)),
    copy(checkpointVectors(whole.memory, learned)),
  );
  whole.close();
  second.close();
  await clean();
});

Deno.test("train() in parts gives the loss and gradient of the whole batch", async () => {
  const { dir, dataset, clean } = await tinyDataset();
  const whole = await tinyEngine(dir, dataset);
  const parts = await tinyEngine(dir, dataset, {
    config: { ...tinyRun, accumulation: 4 },
  });
  const a = await whole.train(0, 1);
  const b = await parts.train(0, 1);
  assert.ok(Math.abs(a.losses[0]! / b.losses[0]! - 1) < 1e-5);
  assert.ok(Math.abs(a.norms[0]! / b.norms[0]! - 1) < 1e-4);
  whole.close();
  parts.close();
  await clean();
});

Deno.test("train() moves the running statistics of batch normalisation, and learns", async () => {
  const { dir, dataset, clean } = await tinyDataset();
  const engine = await tinyEngine(dir, dataset, { config: notebook });
  const { losses } = await engine.train(0, 60);
  const mean = (v: number[]) => v.reduce((a, b) => a + b, 0) / v.length;
  assert.ok(mean(losses.slice(-10)) < 0.9 * mean(losses.slice(0, 10)));
  // The network that is drawn with goes by the statistics: its loss must be near that of training.
  const { batchSource } = await import("../../../train/batch.ts");
  const { conditionLayout } = await import(
    "../../../train/condition_layout.ts"
  );
  const layout = conditionLayout(dataset.manifest.vocabularies);
  const batch = batchSource(dataset, layout, notebook)(60, 0, 8);
  const drawn = [
    ...await engine.losses(engine.memory.weights.slice(), batch),
  ];
  assert.ok(
    mean(drawn) < 2 * mean(losses.slice(-10)),
    `${mean(drawn)} must be near ${mean(losses.slice(-10))}`,
  );
  engine.close();
  await clean();
});

Deno.test("nextSnapshot() divides a run evenly", () => {
  const config = { snapshots: 4, images: 800, batch: 8 };
  assert.deepEqual(
    [0, 24, 25, 99, 100].map((step) => nextSnapshot(config, step)),
    [25, 25, 50, 100, Infinity],
  );
  assert.equal(nextSnapshot({ images: 800, batch: 8 }, 0), Infinity);
});

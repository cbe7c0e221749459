import assert from "node:assert/strict";
import {
  newestCheckpoint,
  readCheckpoint,
  writeCheckpoint,
} from "../../../train/checkpoint.ts";
import { conditionLayout } from "../../../train/condition_layout.ts";
import type { RunConfig } from "../../../train/config.ts";
import { loadDataset } from "../../../train/dataset.ts";
import { distilled } from "../../../train/distillation/distillation.ts";
import {
  initialWeights,
  summarizeNetwork,
} from "../../../train/network/parameters.ts";
import { emoji } from "../../../train/presets/emoji.ts";
import { emoji64 } from "../../../train/presets/emoji_64.ts";
import { runTrainTask } from "../train_task.ts";

const dir = await Deno.makeTempDir();
globalThis.addEventListener("unload", () => {
  Deno.removeSync(dir, { recursive: true });
});

const train = (preset: string, run: string, size: number, ...args: string[]) =>
  runTrainTask([
    ...["--preset", preset, "--source", "synthetic", "--size", String(size)],
    ...["--backend", "wasm", "--workers", "1", "--batch-size", "8"],
    ...["--data", `${dir}/data`, "--run", `${dir}/${run}`, ...args],
  ]);

Deno.test("train --enlarge learns the detail of what a run draws, which a resumed run still has", async () => {
  const small = await train("emoji", "small", 8, "--images", "8");
  assert.equal(small.code, 0, small.stderr);
  const enlarge = ["--enlarge", `${dir}/small`];
  const first = await train(
    "upsampler",
    "large",
    16,
    ...["--images", "8", ...enlarge],
  );
  assert.equal(first.code, 0, first.stderr);
  const { upsample } = JSON.parse(
    await Deno.readTextFile(`${dir}/large/config.json`),
  );
  assert.deepEqual(upsample, { width: 2, denoised: true });

  await Deno.remove(`${dir}/small`, { recursive: true });
  const second = await train(
    "upsampler",
    "large",
    16,
    ...["--images", "16", ...enlarge],
  );
  assert.equal(second.code, 0, second.stderr);
  assert.match(second.stderr, /done: 16 images/);

  const wrong = await train(
    "upsampler",
    "larger",
    16,
    ...["--images", "8", "--enlarge", `${dir}/large`],
  );
  assert.match(
    wrong.stderr,
    /^error: Cannot learn from .*large.* as its pictures must be of 8 pixels: current value is 16\n$/,
  );
});

/** A checkpoint of first weights, for the data set of `train`. */
async function firstWeights(config: RunConfig): Promise<string> {
  const dataset = await loadDataset(`${dir}/data/synthetic-${config.size}`);
  const { size } = conditionLayout(
    dataset.manifest.vocabularies,
    config.distillation,
  );
  const { parameters } = summarizeNetwork(config.network, config.size, size);
  const path = `${dir}/first-${config.preset}.ckpt`;
  await writeCheckpoint(path, {
    version: 1,
    config: { ...config, ema: [] },
    step: 0,
    images: 0,
    seconds: 0,
    vectors: { weights: initialWeights(parameters, 1) },
  });
  return path;
}

Deno.test("train --enlarge --matching learns what a run of the large size makes of what it draws", async () => {
  for (const size of [8, 16]) {
    await train("emoji", `data-${size}`, size, "--dry-run");
  }
  const sampled = distilled({ ...emoji, size: 8 }, { guidance: 1 });
  const judge = { ...emoji64, size: 16 };
  const from = [
    ...["--enlarge", await firstWeights(sampled), "--matching"],
    ...["--distill", await firstWeights(judge)],
  ];
  const learn = async (run: string, images: string) => {
    const { code, stderr } = await train(
      "upsampler",
      run,
      16,
      ...from,
      ...["--images", images, "--cooldown", "0"],
    );
    assert.equal(code, 0, stderr);
    const path = await newestCheckpoint(`${dir}/${run}`);
    return (await readCheckpoint(path!)).vectors;
  };
  const { weights: first } = await learn("halved", "8");
  const whole = await learn("whole", "16");
  assert(first!.some((weight, i) => weight !== whole.weights![i]));
  const { size } = summarizeNetwork(judge.network, 16, 1);
  assert(whole.critic!.length > size);
  assert.deepEqual(await learn("halved", "16"), whole);

  const plain = await train(
    "upsampler",
    "none",
    16,
    ...["--enlarge", await firstWeights({ ...emoji, size: 8 })],
    ...from.slice(2),
  );
  assert.match(
    plain.stderr,
    /^error: Cannot enlarge what .* draws in few steps as it must be distilled and told 8 numbers of a step: current value is 0\n$/,
  );
});

Deno.test("train refuses to enlarge with other presets, and to distil an upsampler", async () => {
  const other = await train("emoji", "none", 8, "--enlarge", dir);
  assert.match(
    other.stderr,
    /^error: Cannot enlarge the pictures of --enlarge .* as --preset must be upsampler: current value is emoji\n$/,
  );
  const distilled = await train("upsampler", "none", 16, "--distill", dir);
  assert.match(distilled.stderr, /^error: Cannot distil an upsampler/);
});

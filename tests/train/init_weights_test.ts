import type { ConditionLayout } from "@emoji/diffusion/condition";
import assert from "node:assert/strict";
import { writeCheckpoint } from "../../train/checkpoint.ts";
import { conditionLayout } from "../../train/condition_layout.ts";
import { saveDataset } from "../../train/dataset.ts";
import { initializeFrom, readGivenWeights } from "../../train/init_weights.ts";
import {
  initialWeights,
  summarizeNetwork,
} from "../../train/network/parameters.ts";
import { buildModel, readTrainedRun } from "../../train/trained_run.ts";
import { tinyDataset, tinyRun } from "./tiny_run.ts";

const { dataset, clean } = await tinyDataset();
await clean();
const layout = conditionLayout(dataset.manifest.vocabularies);
const { parameters } = summarizeNetwork(tinyRun.network, 8, layout.size);
const weights = initialWeights(parameters, 7).map((value, i) =>
  value + Math.sin(i)
);

/** A data folder with a run of one checkpoint, whose longest average is `weights`. */
async function runFolder(): Promise<string> {
  const dir = await Deno.makeTempDir();
  await saveDataset(`${dir}/emoji-8`, dataset);
  await Deno.mkdir(`${dir}/checkpoints`);
  await writeCheckpoint(`${dir}/checkpoints/00000001.ckpt`, {
    version: 1,
    config: tinyRun,
    step: 1,
    images: 8,
    seconds: 1,
    vectors: {
      weights: weights.map(() => NaN),
      "ema_0.05": weights.map(() => NaN),
      "ema_0.1": weights,
    },
  });
  return dir;
}

Deno.test("readGivenWeights() takes the longest average of a run or a checkpoint", async () => {
  const dir = await runFolder();
  for (const path of [dir, `${dir}/checkpoints/00000001.ckpt`]) {
    const given = await readGivenWeights(path);
    const flat = new Float32Array(weights.length);
    const { taken, fresh } = initializeFrom(given, parameters, layout, flat);
    assert.deepEqual(flat, weights);
    assert.deepEqual([taken, fresh], [weights.length, []]);
  }
  await Deno.remove(dir, { recursive: true });
});

Deno.test("readGivenWeights() takes the weights of an exported model", async () => {
  const dir = await runFolder();
  const trained = await readTrainedRun({ run: dir, data: dir });
  for (
    const [type, tolerance] of [["float32", 0], ["float16", 1e-3]] as const
  ) {
    const model = `${dir}/${type}`;
    const { config, onnx } = buildModel("tiny", trained, {
      weightType: type,
    });
    await Deno.mkdir(model);
    await Deno.writeTextFile(`${model}/config.json`, JSON.stringify(config));
    await Deno.writeFile(`${model}/model.onnx`, onnx);
    const flat = new Float32Array(weights.length);
    const given = await readGivenWeights(model);
    const { fresh } = initializeFrom(given, parameters, layout, flat);
    assert.deepEqual(fresh, []);
    const most = flat.reduce(
      (most, value, i) =>
        Math.max(most, Math.abs(value - weights[i]!) / Math.abs(weights[i]!)),
      0,
    );
    assert(most <= tolerance, `${type}: ${most}`);
  }
  await Deno.remove(dir, { recursive: true });
});

Deno.test("initializeFrom() moves the rows of a condition to the same words of another vocabulary", () => {
  const old = {
    size: 3,
    word: { offset: 0, values: ["cat", "dog"] },
  };
  const now = {
    size: 5,
    style: { offset: 0, values: ["flat"] },
    word: { offset: 2, values: ["bird", "cat"] },
  };
  const parameter = {
    name: "embed.condition.weight",
    shape: [5, 2],
    init: { mean: 0, std: 1 },
    decay: true,
  };
  const values = Float32Array.of(1, 1, 2, 2, 3, 3);
  const flat = new Float32Array(10).fill(9);
  initializeFrom(
    {
      values: new Map([[parameter.name, { shape: [3, 2], values }]]),
      condition: old,
    },
    [parameter],
    now,
    flat,
  );
  // flat, no style, bird, cat, no word
  assert.deepEqual([...flat], [9, 9, 9, 9, 9, 9, 1, 1, 3, 3]);
});

Deno.test("initializeFrom() moves what a distilled network knows of a step, where it is told as many numbers", () => {
  const told = (offset: number, count: number) => ({
    size: offset + count,
    word: { offset: 0, values: ["cat", "dog", "sun"].slice(0, offset - 1) },
    step: { offset, count },
  });
  const values = Float32Array.of(1, 2, 3, 4, 5);
  const move = (count: number) => {
    const flat = new Float32Array(4 + count).fill(9);
    initializeFrom(
      {
        values: new Map([["embed.condition.weight", {
          shape: [5, 1],
          values,
        }]]),
        condition: told(3, 2),
      },
      [{
        name: "embed.condition.weight",
        shape: [flat.length, 1],
        init: { mean: 0, std: 1 },
        decay: true,
      }],
      told(4, count),
      flat,
    );
    return [...flat];
  };
  // cat, dog, sun, no word, the step's
  assert.deepEqual(move(2), [1, 2, 9, 3, 4, 5]);
  assert.deepEqual(move(3), [1, 2, 9, 3, 9, 9, 9]);
});

Deno.test("initializeFrom() begins the table of a checkpoint's other vocabulary anew", () => {
  const table = "embed.condition.weight";
  const parameter = (name: string, rows: number) => ({
    name,
    shape: [rows, 1],
    init: { mean: 0, std: 1 },
    decay: true,
  });
  const given = {
    values: new Map([
      [table, { shape: [3, 1], values: Float32Array.of(1, 2, 3) }],
      ["out.weight", { shape: [1, 1], values: Float32Array.of(4) }],
    ]),
  };
  const begin = (now: ConditionLayout) => {
    const flat = new Float32Array(now.size + 1).fill(9);
    const parameters = [parameter(table, now.size), parameter("out.weight", 1)];
    return [initializeFrom(given, parameters, now, flat).fresh, [...flat]];
  };
  const word = { offset: 0, values: ["cat", "dog"] };
  assert.deepEqual(begin({ size: 5, word }), [[table], [9, 9, 9, 9, 9, 4]]);
  const step = { offset: 3, count: 2 };
  assert.deepEqual(begin({ size: 5, word, step }), [[], [1, 2, 3, 0, 0, 4]]);
});

Deno.test("initializeFrom() keeps the first values of what has no counterpart and says so", () => {
  const grid = { shape: [3, 3, 4, 8], values: weights.slice(0, 9 * 4 * 8) };
  const values = new Map([["in.weight", grid]]);
  const flat = new Float32Array(weights.length);
  const { taken, fresh } = initializeFrom({ values }, parameters, layout, flat);
  assert.equal(taken, 9 * 4 * 8);
  assert.equal(fresh.length, parameters.length - 1);
  assert.throws(
    () => initializeFrom({ values: new Map() }, parameters, layout, flat),
    /--init .* none fits/,
  );
});

Deno.test("readGivenWeights() names what it cannot read", async () => {
  await assert.rejects(() => readGivenWeights("none"), /none\/config\.json/);
  await assert.rejects(() => readGivenWeights("none.ckpt"), /none\.ckpt/);
});

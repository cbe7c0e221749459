import assert from "node:assert/strict";
import { conditionLayout } from "../../train/condition_layout.ts";
import {
  axisParts,
  bridgeParameter,
  deeperName,
  type Grid,
  growParameter,
  resolutionsOf,
} from "../../train/grow.ts";
import { initializeFrom } from "../../train/init_weights.ts";
import {
  initialWeights,
  length,
  summarizeNetwork,
} from "../../train/network/parameters.ts";
import { tinyDataset, tinyEngine, tinyRun } from "./tiny_run.ts";

const { dir, dataset, clean } = await tinyDataset();
const layout = conditionLayout(dataset.manifest.vocabularies);
const { network } = tinyRun;
assert(network.type === "unet");
const wideRun = {
  ...tinyRun,
  network: { ...network, channels: [12, 40], embedding: 24 },
};

/** A network with weights of which none is zero, so that every path counts. */
function someNetwork(config: typeof tinyRun, seed: number) {
  const { parameters } = summarizeNetwork(config.network, 8, layout.size);
  const weights = initialWeights(parameters, seed)
    .map((value, i) => value + 0.1 * Math.sin(i * seed));
  return { config, parameters, weights };
}

/** What a network answers to three fixed inputs. */
async function answers({ config, weights }: ReturnType<typeof someNetwork>) {
  const engine = await tinyEngine(dir, dataset, { config });
  const waves = (count: number) =>
    Float32Array.from({ length: count }, (_, i) => Math.sin(i * i));
  try {
    return await engine.predict(weights, {
      count: 3,
      x: waves(3 * 8 * 8 * 4),
      level: Float32Array.of(-1, 0, 2),
      condition: waves(3 * layout.size),
    });
  } finally {
    engine.close();
  }
}

Deno.test("initializeFrom() grows a network that computes the same", async () => {
  const narrow = someNetwork(tinyRun, 3);
  const wide = someNetwork(wideRun, 4);
  const values = new Map<string, Grid>();
  let at = 0;
  for (const { name, shape } of narrow.parameters) {
    const end = at + length(shape);
    values.set(name, { shape, values: narrow.weights.subarray(at, end) });
    at = end;
  }
  const { parameters, weights } = wide;
  const done = initializeFrom({ values }, parameters, layout, weights);
  assert.equal(done.taken, weights.length);
  assert(done.grown.length > 20);
  assert.deepEqual(done.fresh, []);

  const before = await answers(narrow);
  const after = await answers(wide);
  await clean();
  assert(before.some((value) => Math.abs(value) > 0.1));
  before.forEach((value, i) =>
    assert(Math.abs(value - after[i]!) < 1e-4 * (1 + Math.abs(value)), `${i}`)
  );
});

Deno.test("growParameter() silences new inputs for old outputs and keeps the first values of new outputs", () => {
  const to = { shape: [2, 3], values: new Float32Array(6).fill(9) };
  const from = { shape: [1, 2], values: Float32Array.of(1, 2) };
  assert(growParameter("dense.weight", from, to));
  assert.deepEqual([...to.values], [1, 2, 9, 0, 0, 9]);
});

Deno.test("growParameter() grows each part of an axis by itself", () => {
  assert.equal(axisParts("up.0.block.0.modulate.bias", "out"), 2);
  const to = { shape: [4], values: new Float32Array(4).fill(9) };
  const from = { shape: [2], values: Float32Array.of(1, 2) };
  assert(growParameter("up.0.block.0.modulate.bias", from, to));
  assert.deepEqual([...to.values], [1, 9, 2, 9]);
});

const grid = (...shape: number[]) => ({
  shape,
  values: new Float32Array(length(shape)),
});

Deno.test("growParameter() grows what a canvas is drawn from, not its channels, which lie between those of other pixels", () => {
  for (const name of ["canvas.weight", "canvas.hidden.out.weight"]) {
    assert(growParameter(name, grid(2, 4), grid(3, 4)), name);
    assert(!growParameter(name, grid(2, 4), grid(2, 6)), name);
  }
});

Deno.test("growParameter() refuses to shrink and other kernels", () => {
  assert(!growParameter("a", grid(4, 4), grid(4, 3)));
  assert(!growParameter("a", grid(3, 3, 4, 4), grid(1, 1, 4, 4)));
  assert(!growParameter("a", grid(4), grid(4, 4)));
});

Deno.test("initializeFrom() puts a network of fewer resolutions below the new ones", () => {
  const old = someNetwork(tinyRun, 3);
  const values = new Map<string, Grid>();
  for (const { name, shape } of old.parameters) {
    values.set(name, {
      shape,
      values: new Float32Array(length(shape)).fill(7),
    });
  }
  const deep = {
    ...tinyRun,
    network: { ...tinyRun.network, channels: [4, 8, 16], blocks: [1, 1, 1] },
  } as typeof tinyRun;
  const { parameters } = summarizeNetwork(deep.network, 16, layout.size);
  const flat = initialWeights(parameters, 1);
  const { fresh } = initializeFrom({ values }, parameters, layout, flat);
  assert.equal(resolutionsOf(parameters.map(({ name }) => name)), 3);
  // Only the finest level, and what leads in and out of it, is new.
  for (const name of fresh) assert.match(name, /^(in|out|down\.0|up\.0)\./);
  let at = 0;
  for (const { name, shape } of parameters) {
    const part = flat.subarray(at, at += length(shape));
    if (/^(down|middle|up)\.[12]\.(block|resample)/.test(name)) {
      assert(part.every((value) => value === 7), name);
    }
  }
});

Deno.test("bridgeParameter() averages four pixels on the way down and repeats them on the way up", () => {
  const bridge = (name: string, ins: number, outs: number) => {
    const values = new Float32Array(ins * outs).fill(9);
    bridgeParameter(name, 1, { shape: [1, 1, ins, outs], values });
    return values;
  };
  // Two channels at the new resolution, three below it; pixels lie outermost among the channels.
  const down = bridge("down.0.resample.weight", 8, 3);
  const up = bridge("up.0.resample.weight", 3, 8);
  const pixels = [1, 20, 3, 40, 5, 60, 7, 80];
  const coarse = multiply(pixels, down, 3);
  assert.deepEqual(coarse, [4, 50, 0]);
  assert.deepEqual(multiply(coarse, up, 8), [4, 50, 4, 50, 4, 50, 4, 50]);
  // Details enter once they are learned.
  assert(bridge("up.0.skip.weight", 2, 2).every((value) => value === 0));
  // Other resolutions and blocks keep what they have.
  for (const name of ["up.1.resample.weight", "down.0.block.0.conv1.weight"]) {
    assert(bridge(name, 4, 4).every((value) => value === 9), name);
  }
});

/** A row of numbers times a matrix of `outs` columns. */
function multiply(row: number[], matrix: Float32Array, outs: number): number[] {
  return Array.from(
    { length: outs },
    (_, o) => row.reduce((sum, x, i) => sum + x * matrix[i * outs + o]!, 0),
  );
}

Deno.test("deeperName() moves resolutions and nothing else", () => {
  assert.equal(
    deeperName("down.1.block.0.conv1.weight", 1),
    "down.2.block.0.conv1.weight",
  );
  assert.equal(
    deeperName("middle.3.block.0.conv2.bias", 2),
    "middle.5.block.0.conv2.bias",
  );
  assert.equal(deeperName("embed.level.weight", 1), "embed.level.weight");
});

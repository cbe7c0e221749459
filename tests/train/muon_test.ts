import assert from "node:assert/strict";
import { philoxNoise } from "@emoji/diffusion/random";
import { openBackend } from "../../train/backend.ts";
import { muon, muonShare, orthogonalize } from "../../train/muon.ts";
import type { Parameter } from "../../train/network/graph.ts";
import { length, summarizeNetwork } from "../../train/network/parameters.ts";
import { openOptimizer } from "../../train/open_optimizer.ts";
import { adamw, type AdamwStep } from "../../train/optimizer.ts";
import { emoji } from "../../train/presets/emoji.ts";
import { tinyDataset, tinyEngine, tinyRun } from "./tiny_run.ts";

// Backends hold native resources for the life of the process.
const unsanitized = { sanitizeResources: false, sanitizeOps: false };

function normal(seed: number, count: number): Float32Array {
  const out = new Float32Array(count);
  philoxNoise(seed).normal(out);
  return out;
}

/** Product of a rows×inner and an inner×columns matrix. */
function multiply(a: number[][], b: number[][]): number[][] {
  return a.map((row) =>
    b[0]!.map((_, j) => row.reduce((sum, v, k) => sum + v * b[k]![j]!, 0))
  );
}

const transpose = (a: number[][]) => a[0]!.map((_, j) => a.map((r) => r[j]!));

/** `zeropower_via_newtonschulz5` of the reference, in float64. */
function reference(values: Float32Array, rows: number): number[][] {
  const columns = values.length / rows;
  const norm = Math.hypot(...values) + 1e-7;
  let x = Array.from(
    { length: rows },
    (_, i) =>
      [...values.subarray(i * columns, (i + 1) * columns)].map((v) => v / norm),
  );
  if (rows > columns) x = transpose(x);
  for (let step = 0; step < 5; step++) {
    const a = multiply(x, transpose(x));
    const aa = multiply(a, a);
    const b = a.map((row, i) =>
      row.map((v, j) => -4.775 * v + 2.0315 * aa[i]![j]!)
    );
    const bx = multiply(b, x);
    x = x.map((row, i) => row.map((v, j) => 3.4445 * v + bx[i]![j]!));
  }
  return rows > columns ? transpose(x) : x;
}

for (const [rows, columns] of [[12, 5], [5, 12], [8, 8]] as const) {
  Deno.test(
    `orthogonalize() iterates as the reference does: ${rows}×${columns}`,
    {
      ...unsanitized,
    },
    async () => {
      await openBackend("wasm");
      const values = normal(rows, rows * columns);
      const near = orthogonalize([{ values, rows }])[0]!
        .arraySync() as number[][];
      const expected = reference(values, rows);
      near.forEach((row, i) =>
        row.forEach((value, j) =>
          assert.ok(Math.abs(value - expected[i]![j]!) < 1e-4)
        )
      );
    },
  );
}

Deno.test("orthogonalize() leaves singular values between 0.6 and 1.3", {
  ...unsanitized,
}, async () => {
  await openBackend("wasm");
  // Of very different sizes: row i is scaled by 0.5^i.
  const [rows, columns] = [8, 72];
  const values = normal(3, rows * columns).map((v, i) =>
    v * 0.5 ** Math.floor(i / columns)
  );
  const near = orthogonalize([{ values, rows }])[0]!.arraySync() as number[][];
  const gram = multiply(near, transpose(near));
  gram.forEach((row, i) => {
    // By Gershgorin's circles all eigenvalues, the squares, are within 0.36 and 1.7.
    const others = row.reduce(
      (sum, v, j) => j === i ? sum : sum + Math.abs(v),
      0,
    );
    assert.ok(row[i]! - others > 0.3, `${row[i]} ${others}`);
    assert.ok(row[i]! + others < 1.8, `${row[i]} ${others}`);
  });
});

const OPTIONS: AdamwStep = {
  step: 1,
  learningRate: 0.01,
  beta1: 0.9,
  beta2: 0.99,
  epsilon: 1e-8,
  weightDecay: 0.1,
  gradientScale: 0.5,
};

const parameter = (name: string, shape: number[]): Parameter => ({
  name,
  shape,
  init: { std: 1, mean: 0 },
  decay: shape.length > 1,
});

Deno.test(
  "muon() moves hidden matrices by orthogonal ones of AdamW's size, all else as AdamW",
  {
    ...unsanitized,
  },
  async () => {
    await openBackend("wasm");
    const parameters = [
      parameter("in.weight", [3, 3, 2, 4]),
      parameter("down.0.block.0.conv1.weight", [3, 3, 4, 8]),
      parameter("down.0.block.0.conv1.bias", [8]),
      parameter("down.0.block.0.depthwise.weight", [7, 7, 4, 1]),
    ];
    const sizes = parameters.map(({ shape }) => length(shape));
    const size = sizes.reduce((a, b) => a + b);
    const state = () => ({
      weights: normal(1, size),
      moment1: new Float32Array(size),
      moment2: new Float32Array(size),
      decayMask: new Uint8Array(size).fill(1),
    });
    const gradient = normal(2, size);
    const [mine, plain] = [state(), state()];
    const range = { from: 0, to: size };
    await muon(parameters)(mine, gradient.slice(), range, OPTIONS);
    adamw(plain, gradient.slice(), range, OPTIONS);

    const [first, matrix] = sizes as [number, number];
    const [from, to] = [first, first + matrix];
    for (let i = 0; i < size; i++) {
      if (i >= from && i < to) continue;
      assert.equal(mine.weights[i], plain.weights[i], `${i}`);
    }
    const expected = reference(gradient.slice(from, to), 36).flat();
    const before = normal(1, size).subarray(from, to);
    let square = 0;
    mine.weights.subarray(from, to).forEach((weight, i) => {
      const move = 0.999 * before[i]! - weight;
      square += move ** 2;
      assert.ok(Math.abs(move - 0.01 * 0.2 * 6 * expected[i]!) < 1e-5);
    });
    const rms = Math.sqrt(square / matrix) / OPTIONS.learningRate;
    assert.ok(rms > 0.14 && rms < 0.26, `${rms}`);
  },
);

Deno.test("muonShare() gives every worker whole parameters and about as much work", () => {
  const { parameters } = summarizeNetwork(emoji.network, 32, 1320);
  const ends = new Set([0]);
  let at = 0;
  for (const { shape } of parameters) ends.add(at += length(shape));
  for (const workers of [1, 2, 3, 8]) {
    let next = 0;
    for (let i = 0; i < workers; i++) {
      const { from, to } = muonShare(parameters, i, workers);
      assert.equal(from, next);
      assert.ok(ends.has(to) && to >= from);
      next = to;
    }
    assert.equal(next, at);
  }
});

Deno.test(
  "muon learns 200 tiny steps at least as fast as AdamW, the same on two workers",
  {
    ...unsanitized,
  },
  async () => {
    const { dir, dataset, clean } = await tinyDataset();
    try {
      const last: Record<string, number> = {};
      for (const type of ["adamw", "muon"] as const) {
        const config = {
          ...tinyRun,
          images: 8 * 200,
          learningRate: 4e-3,
          optimizer: { ...tinyRun.optimizer, type },
        };
        const engine = await tinyEngine(dir, dataset, { config });
        const { losses } = await engine.train(0, 200);
        engine.close();
        last[type] = losses.slice(-50).reduce((a, b) => a + b) / 50;
        if (type === "adamw") continue;
        const two = await tinyEngine(dir, dataset, { config, workers: 2 });
        const other = (await two.train(0, 20)).losses;
        two.close();
        other.forEach((loss, i) =>
          assert.ok(Math.abs(loss / losses[i]! - 1) < 1e-3, `step ${i}`)
        );
      }
      assert.ok(last.muon! < last.adamw!, `${last.muon} ${last.adamw}`);
    } finally {
      await clean();
    }
  },
);

Deno.test("openOptimizer() splits the weights evenly where each moves by itself", () => {
  const parameters = [parameter("a", [3]), parameter("b", [4])];
  const { share } = openOptimizer(tinyRun.optimizer, parameters);
  assert.deepEqual([share(0, 2), share(1, 2)], [
    { from: 0, to: 3 },
    { from: 3, to: 7 },
  ]);
});

import assert from "node:assert/strict";
import { bitsPerDimension } from "@emoji/diffusion/likelihood";
import type { ModelConfig, Process } from "@emoji/diffusion/model-config";
import { openProcess } from "@emoji/diffusion/open-process";
import {
  diffusionProcess,
  fixedLarge,
  learnedRange,
} from "@emoji/diffusion/process";
import { philoxNoise } from "@emoji/diffusion/random";
import {
  boundBits,
  denoisingLosses,
  strataOf,
} from "../../../train/metrics/denoise.ts";
import { picturesOf } from "../../../train/metrics/pictures.ts";
import { probeLevels } from "../../../train/metrics/probe_levels.ts";
import type { OpenModel } from "../../../train/onnx/session.ts";
import { tinyModel } from "../../edge/tiny_model.ts";

const SIZE = 8;
const COUNT = 6;
/** Byte 204 throughout. */
const VALUE = 204 / 127.5 - 1;

function open(process: Process, network: OpenModel["network"]): OpenModel {
  const { condition: _, ...config } = tinyModel().config;
  const rgb: ModelConfig = {
    ...config,
    process,
    image: { width: SIZE, height: SIZE, channels: 3, encoding: "rgb" },
  };
  return { config: rgb, network, release: () => Promise.resolve() };
}

const examples = {
  pictures: picturesOf(
    new Uint8Array(4 * SIZE * SIZE * COUNT).fill(204),
    SIZE,
  ),
  conditions: Array.from({ length: COUNT }, () => ({})),
  seeds: Array.from({ length: COUNT }, (_, i) => i),
};

const vp = (length: number, variance?: "learned" | "large"): Process => ({
  type: "vp",
  schedule: { type: "linear", length, end: length < 100 ? 0.3 : 0.02 },
  prediction: "epsilon",
  ...(variance && { variance }),
});

/** Knows that every pixel is `VALUE`, and answers as if it were `VALUE + off`; learned variances are `raw`. */
function knowing(process: Process, off = 0, raw?: number): OpenModel {
  const model = openProcess(process);
  return open(process, (x, told) => {
    const { skip, out } = model.coefficients(model.level(told));
    const answer = x.map((v) => (VALUE + off - skip * v) / out);
    if (raw === undefined) return answer;
    const size = x.length / COUNT;
    const both = new Float32Array(2 * x.length).fill(raw);
    for (let k = 0; k < COUNT; k++) {
      both.set(answer.subarray(k * size, (k + 1) * size), 2 * k * size);
    }
    return both;
  });
}

Deno.test("denoisingLosses() is the squared error of the network's own answer", async () => {
  for (const process of [vp(100), { type: "flow" } as const]) {
    const t = process.type === "vp" ? 60 : 0.6;
    const level = openProcess(process).level(t);
    const { out } = openProcess(process).coefficients(level);
    const losses = await denoisingLosses(
      knowing(process, 0.25),
      examples,
      t,
    );
    assert.equal(losses.length, COUNT);
    for (const loss of losses) {
      assert.ok(Math.abs(loss / (0.25 / out) ** 2 - 1) < 1e-4, `${loss}`);
    }
  }
});

Deno.test("denoisingLosses() of a network that predicts no noise is the noise", async () => {
  const model = open(vp(100), (x) => new Float32Array(x.length));
  const losses = await denoisingLosses(model, examples, 30);
  const mean = losses.reduce((a, b) => a + b) / COUNT;
  assert.ok(Math.abs(mean - 1) < 0.15, `${mean}`);
  assert.equal(new Set(losses).size, COUNT, "each picture has its own noise");
});

Deno.test("strataOf() covers all levels, the cleanest ones one by one", () => {
  for (const length of [1, 20, 500, 4000]) {
    const strata = strataOf(length);
    assert.equal(strata[0], 0);
    assert.equal(strata.at(-1), length);
    assert.ok(strata.length <= 65);
    strata.slice(1).forEach((bound, i) => assert.ok(bound > strata[i]!));
    assert.equal(strata[1], 1);
  }
});

for (
  const [length, variance, tolerance] of [
    [15, "large", 1e-5],
    [15, "learned", 1e-5],
    [1000, "large", 0.1],
  ] as const
) {
  Deno.test(`boundBits() is the bound of the whole chain: ${length} levels, ${variance} variance`, async () => {
    const process = vp(length, variance);
    const raw = variance === "learned" ? 0.3 : undefined;
    const bits = await boundBits(knowing(process, 0, raw), examples);
    const [whole] = await bitsPerDimension(
      diffusionProcess(openProcess(process).schedule!),
      new Float32Array(3 * SIZE * SIZE).fill(VALUE),
      {
        network: (x, told) => {
          const model = openProcess(process);
          const { skip, out } = model.coefficients(model.level(told));
          const output = x.map((v) => (VALUE - skip * v) / out);
          return raw === undefined
            ? { output }
            : { output, raw: new Float32Array(x.length).fill(raw) };
        },
        variance: variance === "learned" ? learnedRange : fixedLarge,
        noise: [philoxNoise(1)],
      },
    );
    for (const estimate of bits) {
      assert.ok(
        Math.abs(estimate / whole!.total - 1) < tolerance,
        `${estimate} must be ${whole!.total}`,
      );
    }
  });
}

Deno.test("boundBits() names a process without a table", async () => {
  const process: Process = { type: "flow" };
  await assert.rejects(
    () => boundBits(knowing(process), examples),
    /Cannot bound the likelihood as process must have a table of levels: current value is flow/,
  );
});

Deno.test("probeLevels() finds the same ratios in every process", () => {
  const edm = probeLevels({
    type: "edm",
    sigmaData: 0.75,
    sigmaMin: 0.02,
    sigmaMax: 20,
  });
  assert.deepEqual(edm.map(({ sigma }) => sigma), [0.03, 0.1, 0.3, 1, 3, 10]);
  edm.forEach(({ sigma, t }) => assert.ok(Math.abs(t / sigma - 1) < 1e-9));

  const flow = probeLevels({ type: "flow" });
  flow.forEach(({ sigma, t }) =>
    assert.ok(Math.abs(t / (1 - t) / sigma - 1) < 1e-9)
  );
  assert.equal(flow.length, 7);

  const process = openProcess(vp(1000));
  const table = probeLevels(vp(1000));
  assert.ok(table.length >= 6);
  for (const { sigma, t } of table) {
    const level = process.level(t);
    assert.ok(Math.abs(Math.log(level.sigma / level.alpha / sigma)) < 0.2);
  }
});

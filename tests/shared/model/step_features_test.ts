import assert from "node:assert/strict";
import { veLevel, vpLevel } from "../../../shared/level.ts";
import { drawPlanes, planSampling } from "../../../shared/model/mod.ts";
import {
  type ModelConfig,
  parseModelConfig,
} from "../../../shared/model/config.ts";
import { stepFeatures } from "../../../shared/model/step_features.ts";
import { tinyConfig } from "../tiny_config.ts";

const featuresOf = (from: number, to: number) => [
  ...stepFeatures(veLevel(from), veLevel(to), 3),
];

Deno.test("stepFeatures() is 0 for no step and sin(πk/2) for one to the clean picture", () => {
  assert.deepEqual(featuresOf(2, 2), [0, 0, 0]);
  featuresOf(2, 0).forEach((value, k) =>
    assert(Math.abs(value - [1, 0, -1][k]!) < 1e-6)
  );
});

Deno.test("stepFeatures() depends on the share of the noise alone, in every process", () => {
  assert.deepEqual(featuresOf(80, 20), featuresOf(4, 1));
  const half = featuresOf(2, 1);
  // Noise-to-signal ratios 2 and 1.
  const same = stepFeatures(vpLevel(0.2, 9), vpLevel(0.5, 5), 3);
  half.forEach((value, k) => assert(Math.abs(value - same[k]!) < 1e-6));
  assert.throws(() => featuresOf(1, 2), /must not lead to more noise/);
});

const config: ModelConfig = {
  ...tinyConfig,
  image: { width: 1, height: 1, channels: 4, encoding: "premultiplied-rgba" },
  condition: {
    size: 5,
    style: { offset: 0, values: ["a"] },
    step: { offset: 2, count: 3 },
  },
  sampling: {
    ...tinyConfig.sampling,
    sampler: "ddim",
    steps: 3,
    guidanceFolded: true,
    sigmaMinBySteps: [],
  },
};

/** The step features of each call of the network in a run. */
async function told(sampler: string, eta = 0): Promise<number[][]> {
  const calls: number[][] = [];
  await drawPlanes(config, (x, _, condition, { images }) => {
    for (let image = 0; image < images; image++) {
      calls.push([...condition.subarray(5 * image + 2, 5 * image + 5)]);
    }
    return x;
  }, { seeds: [1, 2], plan: planSampling(config, { sampler, eta }) });
  return calls;
}

Deno.test("drawPlanes() tells a distilled network how far each step goes", async () => {
  const { levels, jumps } = planSampling(config);
  assert(jumps);
  const expected = levels.slice(0, -1).flatMap((level, i) => {
    const next = levels[i + 1]!;
    const one = featuresOf(level.sigma, next.sigma);
    return [one, one]; // two images
  });
  assert.deepEqual(await told("ddim"), expected);
  assert.deepEqual(await told("euler"), expected);
});

Deno.test("drawPlanes() tells a distilled network how far it goes before noise is added", async () => {
  const { levels } = planSampling(config);
  const expected = levels.slice(0, -1).flatMap((level, i) => {
    const next = levels[i + 1]!.sigma;
    const added = 0.5 * next * Math.sqrt(1 - (next / level.sigma) ** 2);
    const one = featuresOf(level.sigma, Math.sqrt(next ** 2 - added ** 2));
    return [...one, ...one]; // two images
  });
  const calls = (await told("ddim", 0.5)).flat();
  calls.forEach((value, i) => assert(Math.abs(value - expected[i]!) < 1e-6));
});

Deno.test("drawPlanes() asks a distilled network for the plain denoiser where a solver bends its steps", async () => {
  for (const sampler of ["dpmpp-2m", "heun", "ddpm"]) {
    const calls = await told(sampler);
    assert(calls.flat().every((value) => value === 0), `${sampler}`);
  }
});

Deno.test("parseModelConfig() keeps the step's rows and checks their place", () => {
  assert.deepEqual(parseModelConfig(config).condition?.step, {
    offset: 2,
    count: 3,
  });
  for (const step of [{ offset: 1, count: 3 }, { offset: 3, count: 3 }]) {
    const condition = { ...config.condition, step };
    assert.throws(
      () => parseModelConfig({ ...config, condition }),
      /condition\.step/,
    );
  }
});

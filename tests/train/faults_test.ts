import assert from "node:assert/strict";
import { sample } from "@emoji/diffusion";
import {
  modelDenoiser,
  type ModelNetwork,
  planSampling,
} from "@emoji/diffusion/model-sampler";
import { conditionLayout } from "../../train/condition_layout.ts";
import {
  faultyPlan,
  type SamplingFaults,
  stretchPictures,
} from "../../train/faults.ts";
import { draftModel, previewConfig } from "../../train/model_config.ts";
import { emojiNotebook } from "../../train/presets/emoji_notebook.ts";

const config = previewConfig(draftModel(
  "notebook",
  emojiNotebook,
  conditionLayout({ styles: [], groups: [], subgroups: [], words: [] }),
  { attribution: [], encoding: "rgb" },
));
const SIZE = 3 * 32 * 32;

/** Ideal for pictures that are 0.9 throughout. */
const network: ModelNetwork = (x, told) => {
  const beta = (t: number) => 1e-4 + t / 499 * (0.02 - 1e-4);
  let alphaBar = 1;
  for (let t = 0; t <= told; t++) alphaBar *= 1 - beta(t);
  return x.map((v) =>
    (v - Math.sqrt(alphaBar) * 0.9) / Math.sqrt(1 - alphaBar)
  );
};

async function draw(faults: SamplingFaults): Promise<Float32Array[]> {
  const plan = faultyPlan(planSampling(config), faults);
  const path: Float32Array[] = [];
  await sample(modelDenoiser(config, network), {
    levels: plan.levels,
    solver: plan.solver,
    size: SIZE,
    seeds: [1],
    onStep: ({ x }) => void path.push(x),
  });
  return path;
}

const farthest = (x: Float32Array) =>
  x.reduce((most, value) => Math.max(most, Math.abs(value - 0.9)), 0);
const largest = (x: Float32Array) =>
  x.reduce((most, value) => Math.max(most, Math.abs(value)), 0);

Deno.test("faultyPlan() leaves a plan alone where there is no fault", async () => {
  const plan = planSampling(config);
  assert.equal(faultyPlan(plan, { stretch: true }), plan);
  const path = await draw({});
  assert.equal(path.length, 500);
  assert.ok(farthest(path.at(-1)!) < 1e-4);
});

Deno.test("clampSteps keeps every x_t in [−1, 1]", async () => {
  assert.ok(largest((await draw({}))[10]!) > 2);
  const path = await draw({ clampSteps: true });
  assert.ok(path.every((x) => largest(x) <= 1));
});

Deno.test("skipLastStep leaves the noise of the last step but one", async () => {
  const path = await draw({ skipLastStep: true });
  assert.deepEqual(path.at(-1), path.at(-2));
  assert.ok(farthest(path.at(-1)!) > 0.01);
});

Deno.test("zeroFirstAlphaBar makes the last step divide by its β", async () => {
  assert.ok(largest((await draw({ zeroFirstAlphaBar: true })).at(-1)!) > 1000);
});

Deno.test("stretchPictures() fills the range of each picture by itself", () => {
  const planes = Float32Array.of(0, 0.5, 0.25, -3, -1, 1, 7, 7, 7);
  stretchPictures(planes, 3);
  assert.deepEqual([...planes], [-1, 1, 0, -1, 0, 1, 7, 7, 7]);
});

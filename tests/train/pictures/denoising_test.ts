import assert from "node:assert/strict";
import { drawPlanes, planSampling } from "@emoji/diffusion/model-sampler";
import {
  denoisingStrip,
  recordDenoising,
  spread,
} from "../../../train/pictures/denoising.ts";
import { tinyModel } from "../../edge/tiny_model.ts";

const { config } = tinyModel();
const network = (x: Float32Array) => x.map((value) => value / 2);

Deno.test("recordDenoising() begins with noise of deviation 1 and ends with the drawn picture", async () => {
  const plan = planSampling(config, { steps: 6 });
  const options = { seeds: [1, 2], plan };
  const frames = await recordDenoising(config, network, options);
  assert.equal(frames.length, 7);
  assert.deepEqual(
    frames.map(({ level }) => level.sigma),
    plan.levels.map(({ sigma }) => sigma),
  );
  const first = frames[0]!.x;
  const square = first.reduce((sum, v) => sum + v * v, 0) / first.length;
  assert(Math.abs(square - 1) < 0.05, `${square}`);
  assert.deepEqual(
    frames.at(-1)!.x,
    await drawPlanes(config, network, options),
  );
});

Deno.test("denoisingStrip() lays out a column a frame and two rows a picture under a title", async () => {
  const plan = planSampling(config, { steps: 3 });
  const frames = await recordDenoising(config, network, {
    seeds: [1, 2],
    plan,
  });
  const { width, height } = denoisingStrip(config, frames);
  assert.deepEqual([width, height], [4 * 32 + 3 * 2, 7 + 4 * 32 + 3 * 2]);
});

Deno.test("spread() keeps the first and the last", () => {
  const all = Array.from({ length: 20 }, (_, i) => i);
  assert.deepEqual(spread(all, 3), [0, 10, 19]);
  assert.deepEqual(spread(all, 50), all);
  assert.deepEqual(spread(all, 1), [19]);
});

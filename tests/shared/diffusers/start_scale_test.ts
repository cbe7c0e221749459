import { sample } from "@emoji/diffusion";
import { torchNoise } from "@emoji/diffusion/random";
import { DIFFUSERS_CLASSES, fromDiffusers } from "@emoji/diffusion/diffusers";
import assert from "node:assert/strict";

const network = (x: Float32Array, t: number) =>
  x.map((value) => Math.tanh(value) * t / (t + 1));

Deno.test("a plan spread into sample() starts from noise times init_noise_sigma, in every class", async () => {
  const size = 16;
  const options = [{}, { timestep_spacing: "leading" }];
  for (const name of DIFFUSERS_CLASSES) {
    for (const fields of options) {
      const plan = fromDiffusers({ _class_name: name, ...fields }, 8);
      const source = torchNoise(3);
      const start = new Float32Array(size);
      source.normal(start);
      start.forEach((z, i) => start[i] = plan.startScale * z);
      const denoiser = plan.denoiser(network);
      const run = { ...plan, size };
      assert.deepEqual(
        await sample(denoiser, { ...run, noise: [torchNoise(3)] }),
        await sample(denoiser, { ...run, noise: [source], start }),
        name,
      );
    }
  }
  // √(σ² + 1) of EulerDiscrete with "leading" is not the σ of its first level.
  const euler = fromDiffusers({
    _class_name: "EulerDiscreteScheduler",
    timestep_spacing: "leading",
  }, 8);
  assert.ok(euler.startScale > euler.levels[0]!.sigma + 0.01);
});

Deno.test("a plan spread into sample() adds noise of its first level to an image, whatever its startScale", async () => {
  const { levels } = fromDiffusers({ _class_name: "EDMEulerScheduler" }, 4);
  const options = {
    levels: levels.slice(-2),
    size: 3,
    seeds: [1],
    image: Float32Array.of(1, 2, 3),
  };
  const startOf = async (change: { startScale?: number }) => {
    const starts: Float32Array[] = [];
    await sample((x) => (starts.push(x), x), { ...options, ...change });
    return starts[0];
  };
  assert.deepEqual(await startOf({ startScale: 7 }), await startOf({}));
});

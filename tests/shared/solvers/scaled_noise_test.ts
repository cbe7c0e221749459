import {
  ddim,
  ddpm,
  dpm2,
  dpmFast,
  dpmpp2mSde,
  dpmpp2sAncestral,
  dpmpp3mSde,
  dpmppSde,
  euler,
  eulerAncestral,
  type NoiseSource,
  sample,
  saSolver,
  scaledNoise,
  type Solver,
} from "@emoji/diffusion";
import { fromDiffusers } from "@emoji/diffusion/diffusers";
import assert from "node:assert/strict";
import { gaussian, referenceLevels } from "../gaussian.ts";

/** A source of one number, over and over. */
const constant = (value: number): NoiseSource => ({
  normal: (out) => out.fill(value),
  state: () => ({ kind: "constant" }),
});

function run(solver: Solver, noise: NoiseSource): Promise<Float64Array> {
  return sample<Float64Array>(gaussian, {
    levels: referenceLevels(8),
    solver,
    size: 3,
    start: Float64Array.of(-20, 0, 10),
    noise: [noise],
  });
}

Deno.test("scaledNoise() multiplies each draw of any solver, as s_noise of k-diffusion does", async () => {
  for (
    const solver of [
      ddim({ eta: 1 }),
      ddpm(),
      dpm2({ eta: 1 }),
      dpmFast({ eta: 1 }),
      dpmpp2mSde(),
      dpmpp2sAncestral(),
      dpmpp3mSde(),
      dpmppSde(),
      euler({ churn: { amount: 4 } }),
      eulerAncestral(),
      saSolver(),
    ]
  ) {
    const scaled = await run(scaledNoise(solver, 1.5), constant(0.5));
    assert.deepEqual(scaled, await run(solver, constant(0.75)), solver.name);
    assert.notDeepEqual(scaled, await run(solver, constant(0.5)), solver.name);
    const plain = await run(scaledNoise(solver, 1), constant(0.5));
    assert.deepEqual(plain, await run(solver, constant(0.5)), solver.name);
  }
  for (const scale of [-1, NaN, Infinity]) {
    assert.throws(() => scaledNoise(ddpm(), scale), /scale must be finite/);
  }
});

Deno.test("fromDiffusers() CMStochasticIterative scales its noise by s_noise as upstream", async () => {
  const config = { "_class_name": "CMStochasticIterativeScheduler" };
  const draw = (fields: Record<string, unknown>, noise: NoiseSource) => {
    const plan = fromDiffusers({ ...config, ...fields }, 4);
    return sample<Float64Array>(
      plan.denoiser((x) => x.map((value) => value / 9)),
      { ...plan, size: 2, noise: [noise], start: Float64Array.of(40, -70) },
    );
  };
  assert.deepEqual(
    await draw({ "s_noise": 1.5 }, constant(0.5)),
    await draw({}, constant(0.75)),
  );
});

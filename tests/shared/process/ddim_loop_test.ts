import assert from "node:assert/strict";
import { clip, ddim, fromEpsilon, sample } from "@emoji/diffusion";
import { diffusionProcess } from "@emoji/diffusion/process";
import { CLEAN } from "@emoji/diffusion/schedules";
import { sectionTimesteps } from "@emoji/diffusion/steps";
import { goldens, meanAbs, noise, processes } from "./improved_diffusion.ts";

Deno.test("a DDIM run over a spaced process equals ddim_sample_loop of improved-diffusion", async () => {
  for (const name of ["linear", "cosine"] as const) {
    const process = diffusionProcess(
      processes[name],
      sectionTimesteps(1000, [25]),
    );
    const expected = goldens[`${name}.ddim_sample_loop.25.eta0`] as Record<
      string,
      number[]
    >;
    const denoiser = clip(
      fromEpsilon<Float64Array>((x, t) =>
        x.map((value) => 0.9 * value * t / (t + 1))
      ),
    );
    const x = await sample(denoiser, {
      levels: [...process.levels.toReversed(), CLEAN],
      solver: ddim(),
      size: noise.length,
      start: noise,
      seeds: [0],
    });
    const actual = meanAbs(x);
    expected["mean_abs"]!.forEach((value, k) =>
      assert.ok(
        Math.abs(actual[k]! - value) <= 1e-9 * value,
        `${actual[k]}, ${value}`,
      )
    );
  }
});

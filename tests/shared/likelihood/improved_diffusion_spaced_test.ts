import assert from "node:assert/strict";
import { bitsPerDimension } from "@emoji/diffusion/likelihood";
import {
  klLoss,
  rescaledMseLoss,
  trainingLosses,
} from "@emoji/diffusion/losses";
import {
  addNoise,
  diffusionProcess,
  learnedRange,
  PREDICTIONS,
  previousParameterization,
} from "@emoji/diffusion/process";
import type { NoiseSource } from "@emoji/diffusion/random";
import {
  alphaBarBetas,
  betaSchedule,
  cosineAlphaBar,
  linearBetas,
} from "@emoji/diffusion/schedules";
import { sectionTimesteps } from "@emoji/diffusion/steps";
import golden from "../../testdata/goldens/improved_diffusion_spaced.json" with {
  type: "json",
};

type Case = (typeof golden.cases)[number];

const images = 3;
const [x0, noise, raw] = [golden.x0, golden.noise, golden.v].map((x) =>
  Float64Array.from(x)
) as [Float64Array, Float64Array, Float64Array];
const size = x0.length / images;

function processOf({ sched, T, spec }: Case) {
  const betas = sched === "linear"
    ? linearBetas(T, { scaled: true })
    : alphaBarBetas(T, cosineAlphaBar());
  return diffusionProcess(
    betaSchedule(betas),
    sectionTimesteps(T, spec.split(",").map(Number)),
  );
}

function modelOf({ mean }: Case) {
  return {
    parameterization: mean === "EPSILON"
      ? PREDICTIONS.epsilon
      : previousParameterization,
    variance: learnedRange,
  };
}

/** The golden network, each image at its own timestep. */
function network(
  x: Float64Array,
  timesteps: readonly number[],
  length: number,
): Float64Array {
  return x.map((value, i) =>
    0.7 * value * Math.cos(timesteps[Math.floor(i / size)]! / length)
  );
}

function near(
  actual: ArrayLike<number>,
  expected: readonly number[],
  what: string,
): void {
  assert.equal(actual.length, expected.length);
  expected.forEach((value, i) => {
    assert.ok(
      Math.abs(actual[i]! - value) <= 1e-9 * Math.abs(value) + 1e-14,
      `${what} ${i}: ${actual[i]}, ${value}`,
    );
  });
}

const nameOf = ({ sched, T, spec, mean, loss }: Case) =>
  [sched, T, spec, mean, loss].join(" ");

for (const example of golden.cases) {
  Deno.test(`trainingLosses() equals improved-diffusion over a spaced process: ${nameOf(example)}`, () => {
    const process = processOf(example);
    const levels = example.t.map((t) => process.levels[t]!);
    const x = addNoise(x0, noise, levels);
    const output = network(x, levels.map((level) => level.t), example.T);
    const loss = example.loss === "KL" ? klLoss : rescaledMseLoss;
    const actual = trainingLosses(process, {
      x0,
      x,
      indices: example.t,
      output,
      raw,
    }, { ...modelOf(example), loss });
    near(actual.map((parts) => parts.loss), example.losses.loss, "loss");
    if (example.losses.mse) {
      near(actual.map((parts) => parts.mse!), example.losses.mse, "mse");
    }
    if (example.losses.vb) {
      near(actual.map((parts) => parts.bound!), example.losses.vb, "bound");
    }
  });

  const { bpd } = example;
  if (!bpd) continue;
  Deno.test(`bitsPerDimension() equals calc_bpd_loop of improved-diffusion: ${nameOf(example)}`, async () => {
    const sources = Array.from({ length: images }, (_, k): NoiseSource => ({
      normal: (out) => out.set(noise.subarray(k * size, (k + 1) * size)),
      state: () => ({ kind: "constant" }),
    }));
    const bits = await bitsPerDimension(processOf(example), x0, {
      network: (x, t) => ({ output: network(x, [t, t, t], example.T), raw }),
      noise: sources,
      ...modelOf(example),
    });
    near(bits.map(({ total }) => total), bpd.total, "total");
    near(bits.map(({ prior }) => prior), bpd.prior, "prior");
    for (const part of ["terms", "x0Errors", "noiseErrors"] as const) {
      bits.forEach((image, k) =>
        near(image[part].toReversed(), bpd[part][k]!, part)
      );
    }
  });
}

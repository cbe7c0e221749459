import {
  adjust,
  clip,
  consistencyModel,
  edm,
  edmCoefficients,
  fromEpsilon,
  fromFlow,
  fromScore,
  fromV,
  fromX0,
  guide,
  latentConsistency,
  type Level,
  type Prediction,
  sample,
  selfCondition,
  threshold,
  veLevel,
  vpLevel,
} from "@emoji/diffusion";
import {
  betaSchedule,
  indexOfSigma,
  linearBetas,
  scheduleLevel,
  vpSigmaLevel,
} from "@emoji/diffusion/schedules";
import { flowLevels, karrasLevels } from "@emoji/diffusion/steps";
import assert from "node:assert/strict";
import { call, near, x0Of } from "./denoised.ts";

const CLEAN = Float64Array.of(0.4, -0.9, 0.1);
const EPSILON = Float64Array.of(-1.2, 0.3, 0.8);
const PROCESSES: Record<string, Level> = {
  "variance preserving": vpLevel(0.3, 500),
  "variance exploding": veLevel(3),
  "flow": { alpha: 0.25, sigma: 0.75, t: 0.75 },
};

function noisy({ alpha, sigma }: Level): Float64Array {
  return CLEAN.map((value, i) => alpha * value + sigma * EPSILON[i]!);
}

for (const [name, level] of Object.entries(PROCESSES)) {
  Deno.test(`from…() find the clean images behind every prediction on a ${name} process`, async () => {
    const { alpha, sigma } = level;
    const of = (value: (x0: number, epsilon: number) => number) => () =>
      CLEAN.map((x0, i) => value(x0, EPSILON[i]!));
    const x = noisy(level);
    near(
      await x0Of(fromEpsilon<Float64Array>(of((_, e) => e)), x, level),
      CLEAN,
    );
    near(await x0Of(fromX0<Float64Array>(of((x0) => x0)), x, level), CLEAN);
    near(
      await x0Of(
        fromV<Float64Array>(of((x0, e) => alpha * e - sigma * x0)),
        x,
        level,
      ),
      CLEAN,
    );
    near(
      await x0Of(fromFlow<Float64Array>(of((x0, e) => e - x0)), x, level),
      CLEAN,
    );
    near(
      await x0Of(fromScore<Float64Array>(of((_, e) => -e / sigma)), x, level),
      CLEAN,
    );
    const { cSkip, cOut } = edmCoefficients(sigma / alpha, 0.7);
    const output = CLEAN.map((x0, i) => (x0 - cSkip * x[i]! / alpha) / cOut);
    near(
      await x0Of(edm<Float64Array>(() => output, { sigmaData: 0.7 }), x, level),
      CLEAN,
    );
  });
}

Deno.test("edm() gives the network unit variance, and edmCoefficients() the loss unit weight", () => {
  for (const sigma of [0.01, 0.5, 80]) {
    const { cIn, cOut, cSkip, weight, cNoise } = edmCoefficients(sigma, 0.5);
    assert.ok(Math.abs(cIn ** 2 * (sigma ** 2 + 0.25) - 1) < 1e-12);
    assert.ok(Math.abs(weight * cOut ** 2 - 1) < 1e-12);
    assert.ok(
      Math.abs((1 - cSkip) ** 2 * 0.25 + cSkip ** 2 * sigma ** 2 - cOut ** 2) <
        1e-12,
    );
    assert.equal(cNoise, Math.log(sigma) / 4);
  }
});

Deno.test("fromEpsilon() of a network trained on DDPM's process serves an EDM and a flow run", async () => {
  const schedule = betaSchedule(linearBetas(1000));
  const native = (level: Level) =>
    vpSigmaLevel(
      level.sigma / level.alpha,
      indexOfSigma(schedule, level.sigma / level.alpha),
    );
  // A network that knows the answer for images of its own process at the timestep it is told.
  const own = scheduleLevel(schedule, 400);
  const heard: number[] = [];
  const network = (input: Float64Array, told: number) => {
    heard.push(told);
    near(input, noisy(own), 1e-9);
    return EPSILON;
  };
  for (const alpha of [1, own.alpha / (own.alpha + own.sigma)]) {
    const level = { alpha, sigma: alpha * own.sigma / own.alpha, t: -7 };
    near(
      await x0Of(
        fromEpsilon<Float64Array>(network, { native }),
        noisy(level),
        level,
      ),
      CLEAN,
      1e-9,
    );
  }
  heard.forEach((told) => assert.ok(Math.abs(told - 400) < 1e-6));
});

Deno.test("fromEpsilon() is refused where no signal is left, the others are not", async () => {
  const levels = [
    { alpha: 0, sigma: 1, t: 999 },
    vpLevel(0.5, 500),
    vpLevel(1, -1),
  ];
  const options = { levels, size: 3, seeds: [1] };
  const network = (x: Float32Array) => x;
  await assert.rejects(
    sample(fromEpsilon(network), options),
    /must be defined at every noise level/,
  );
  await assert.rejects(
    sample(guide(fromX0(network), clip(fromEpsilon(network)), 2), options),
    RangeError,
  );
  for (const from of [fromX0, fromV, fromFlow]) {
    assert.ok((await sample(from(network), options)).every(Number.isFinite));
  }
  await assert.rejects(
    sample(edm(network), { ...options, levels: flowLevels(4) }),
    RangeError,
  );
});

Deno.test("clip() and threshold() bound the clean images, and keep the noise on demand", async () => {
  const level = vpLevel(0.3, 1);
  const wide = () => Float64Array.of(3, -0.5, -2);
  const x = noisy(level);
  near(
    await x0Of(clip<Float64Array>(wide), x, level),
    Float64Array.of(1, -0.5, -1),
  );
  near(
    await x0Of(clip<Float64Array>(wide, { range: [-2, 2] }), x, level),
    Float64Array.of(2, -0.5, -2),
  );
  near(
    await x0Of(threshold<Float64Array>(wide, { ratio: 1 }), x, level),
    Float64Array.of(1, -0.5 / 3, -2 / 3),
  );
  const { epsilon } = await clip<Float64Array>(wide, { keepEpsilon: true })(
    x,
    level,
    call,
  ) as Prediction<Float64Array>;
  near(
    epsilon!,
    wide().map((x0, i) => (x[i]! - level.alpha * x0) / level.sigma),
  );
  assert.throws(
    () => clip(() => new Float32Array(), { range: [1, 1] }),
    RangeError,
  );
  assert.throws(
    () => threshold(() => new Float32Array(), { ratio: 0 }),
    RangeError,
  );
});

Deno.test("threshold() with a largest threshold below 1 doubles what it bounds to 0.5, as torch.clamp does", async () => {
  const denoiser = threshold<Float64Array>(() => Float64Array.of(0.4, 0.9), {
    max: 0.5,
  });
  near(
    await x0Of(denoiser, new Float64Array(2), veLevel(1)),
    Float64Array.of(0.8, 1),
  );
});

Deno.test("adjust() hands the clean images to a function", async () => {
  const denoiser = adjust<Float64Array>(
    () => CLEAN,
    (x0, { sigma }, images) => x0.map((value) => value * sigma * images),
  );
  near(
    await x0Of(denoiser, CLEAN, veLevel(2)),
    CLEAN.map((value) => 2 * value),
  );
});

Deno.test("selfCondition() shows the last clean images to the next evaluation of the same run", async () => {
  const seen: number[] = [];
  const denoiser = selfCondition<Float32Array>((x, previous) => {
    seen.push(previous[0]!);
    return x.map(() => seen.length);
  });
  const options = { levels: karrasLevels(3), size: 1, seeds: [1] };
  await sample(denoiser, options);
  await sample(denoiser, options);
  assert.deepEqual(seen, [0, 1, 2, 0, 4, 5]);
});

Deno.test("latentConsistency() and consistencyModel() return the image itself at their boundary", async () => {
  const wild = () => Float64Array.of(9, 9, 9);
  near(
    await x0Of(latentConsistency<Float64Array>(wild), CLEAN, {
      alpha: 1,
      sigma: 0.01,
      t: 0,
    }),
    CLEAN,
  );
  near(
    await x0Of(consistencyModel<Float64Array>(wild), CLEAN, veLevel(0.002)),
    CLEAN,
  );
});

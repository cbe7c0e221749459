import {
  adjust,
  centredGuidance,
  clip,
  consistencyModel,
  type Denoiser,
  edm,
  edmCoefficients,
  fromEpsilon,
  fromFlow,
  fromScore,
  fromV,
  fromX0,
  guidanceInterval,
  guide,
  guideTogether,
  latentConsistency,
  type Level,
  type Prediction,
  projectedGuidance,
  sample,
  selfCondition,
  threshold,
  toPrediction,
  veLevel,
  vpLevel,
  zeroStarGuidance,
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

const call = { images: 1, step: 0 };
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

async function x0Of(
  denoiser: Denoiser<Float64Array>,
  x: Float64Array,
  level: Level,
): Promise<Float64Array> {
  return toPrediction(await denoiser(x, level, call)).x0;
}

function near(
  actual: Float64Array,
  expected: Float64Array,
  tolerance = 1e-12,
): void {
  expected.forEach((value, i) =>
    assert.ok(
      Math.abs(actual[i]! - value) <= tolerance,
      `[${i}] ${actual[i]} is not ${value}`,
    )
  );
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

const conditional = () => Float64Array.of(1, 2, 3, 4);
const unconditional = () => Float64Array.of(0, 1, 1, 0);

Deno.test("guide() moves away from the second denoiser, and asks it nothing where the scale is 1", async () => {
  const x = new Float64Array(4);
  near(
    await x0Of(
      guide<Float64Array>(conditional, unconditional, 3),
      x,
      veLevel(1),
    ),
    Float64Array.of(3, 4, 7, 12),
  );
  const silent: Denoiser<Float64Array> = () => assert.fail("asked");
  const interval = guidanceInterval(3, 0.5, 2);
  near(
    await x0Of(guide(conditional, silent, interval), x, veLevel(3)),
    conditional(),
  );
  near(
    await x0Of(
      guide<Float64Array>(conditional, unconditional, interval),
      x,
      veLevel(2),
    ),
    Float64Array.of(3, 4, 7, 12),
  );
  assert.throws(
    () =>
      guide<Float64Array>(
        conditional,
        undefined as unknown as Denoiser<Float64Array>,
        2,
      ),
    TypeError,
  );
  assert.throws(
    () => guide<Float64Array>(conditional, unconditional, NaN),
    RangeError,
  );
  assert.throws(() => guidanceInterval(2, 3, 1), RangeError);
});

Deno.test("guideTogether() equals guide() with one evaluation of twice the images", async () => {
  const shapes: number[] = [];
  const both: Denoiser<Float64Array> = (x, _level, { images }) => {
    shapes.push(images);
    const first = x.length / (images === 4 ? 2 : 1);
    return x.map((value, i) => i < first ? value / 2 : value / 3);
  };
  const x = Float64Array.of(1, 2, 3, 4);
  const two = { images: 2, step: 0 };
  const expected = x.map((value) => 3 * value / 2 - 2 * value / 3);
  near(
    toPrediction(await guideTogether(both, 3)(x, veLevel(1), two)).x0,
    expected,
  );
  near(
    toPrediction(await guideTogether(both, () => 1)(x, veLevel(1), two)).x0,
    x.map((value) => value / 2),
  );
  assert.deepEqual(shapes, [4, 2]);
});

Deno.test("centredGuidance() adds what linear guidance adds, less the mean of each channel of each image", async () => {
  const numbers = (seed: number) =>
    Float64Array.from({ length: 24 }, (_, i) => Math.sin(seed * (i + 1)));
  const [plain, other] = [numbers(1), numbers(2)];
  const two = { ...call, images: 2 };
  const x0 = async (options?: Parameters<typeof guide<Float64Array>>[3]) =>
    toPrediction(
      await guide<Float64Array>(() => plain, () => other, 3, options)(
        numbers(3),
        veLevel(1),
        two,
      ),
    ).x0;
  const linear = await x0();
  const centred = await x0({ combine: centredGuidance(3) });
  const partly = await x0({ combine: centredGuidance(3, { share: 0.25 }) });
  const mean = (x: Float64Array) => x.reduce((sum, v) => sum + v, 0) / x.length;
  for (let from = 0; from < 24; from += 4) {
    const channel = (x: Float64Array) => x.subarray(from, from + 4);
    const shift = mean(channel(linear)) - mean(channel(plain));
    near(channel(centred), channel(linear).map((value) => value - shift));
    near(channel(partly), channel(linear).map((value) => value - shift / 4));
  }
  assert.throws(
    () => centredGuidance(0),
    /channels must be an integer >= 1: current value is 0/,
  );
  for (const share of [-0.1, 1.1, NaN]) {
    assert.throws(
      () => centredGuidance(3, { share }),
      new RegExp(`'share' must be in \\[0, 1\\]: current value is ${share}`),
    );
  }
});

Deno.test("projectedGuidance() leaves out what is parallel, keeps to a norm and remembers within its run", async () => {
  const x = new Float64Array(4);
  const one = async (
    options: Parameters<typeof projectedGuidance>[0],
    memory = new Map(),
  ) =>
    toPrediction(
      await guide<Float64Array>(conditional, unconditional, 3, {
        combine: projectedGuidance(options),
      })(x, veLevel(1), { ...call, memory }),
    ).x0;
  near(await one({ parallel: 1 }), Float64Array.of(3, 4, 7, 12));
  const orthogonal = (await one({})).map((value, i) =>
    value - conditional()[i]!
  );
  const along = orthogonal.reduce(
    (sum, value, i) => sum + value * conditional()[i]!,
    0,
  );
  assert.ok(Math.abs(along) < 1e-12);
  const short = (await one({ parallel: 1, maxNorm: 0.1 })).map((value, i) =>
    value - conditional()[i]!
  );
  assert.ok(Math.abs(Math.hypot(...short) - 0.2) < 1e-12);
  const memory = new Map();
  await one({ parallel: 1, momentum: -0.5 }, memory);
  near(
    await one({ parallel: 1, momentum: -0.5 }, memory),
    Float64Array.of(2, 3, 5, 8),
  );
});

Deno.test("zeroStarGuidance() equals plain guidance of velocities where the branches are parallel", async () => {
  const level = { alpha: 0.5, sigma: 0.5, t: 0.5 };
  const x = Float64Array.of(1, 0.5, -2, 0);
  const guided = guide<Float64Array>(conditional, conditional, 4, {
    combine: zeroStarGuidance(),
  });
  near(await x0Of(guided, x, level), conditional(), 1e-6);
  const still = guide<Float64Array>(conditional, unconditional, 4, {
    combine: zeroStarGuidance(() => true),
  });
  near(await x0Of(still, x, level), x);
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

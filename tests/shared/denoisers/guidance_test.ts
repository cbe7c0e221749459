import {
  centredGuidance,
  type Denoiser,
  guidanceInterval,
  guide,
  guideTogether,
  PREDICTIONS,
  projectedGuidance,
  rescaledGuidance,
  toPrediction,
  veLevel,
  zeroStarGuidance,
} from "@emoji/diffusion";
import assert from "node:assert/strict";
import { call, near, x0Of } from "./denoised.ts";

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

Deno.test("rescaledGuidance() of PREDICTIONS.epsilon equals rescale_noise_cfg() of diffusers on the noise", async () => {
  const numbers = (seed: number) =>
    Float64Array.from({ length: 24 }, (_, i) => Math.sin(seed * (i + 1)));
  const [x, plain, other] = [numbers(1), numbers(2), numbers(3)];
  const deviation = (x: Float64Array) => {
    const mean = x.reduce((sum, value) => sum + value, 0) / x.length;
    const squares = x.reduce((sum, value) => sum + (value - mean) ** 2, 0);
    return Math.sqrt(squares / (x.length - 1));
  };
  for (const level of [veLevel(3), { alpha: 0.6, sigma: 0.8, t: 10 }]) {
    const { alpha, sigma } = level;
    const [wanted, free] = [plain, other].map((x0) =>
      x0.map((value, i) => (x[i]! - alpha * value) / sigma)
    ) as [Float64Array, Float64Array];
    // noise_cfg = uncond + 7.5*(text - uncond); .7*noise_cfg*std(text)/std(noise_cfg) + (1 - .7)*noise_cfg
    const expected = new Float64Array(24);
    for (const from of [0, 12]) {
      const guided = free.slice(from, from + 12).map((value, i) =>
        value + 7.5 * (wanted[from + i]! - value)
      );
      const factor = 0.7 * deviation(wanted.subarray(from, from + 12)) /
          deviation(guided) + 0.3;
      guided.forEach((value, i) =>
        expected[from + i] = (x[from + i]! - sigma * factor * value) / alpha
      );
    }
    const denoiser = guide<Float64Array>(() => plain, () => other, 7.5, {
      combine: rescaledGuidance(0.7, { of: PREDICTIONS.epsilon }),
    });
    near(
      toPrediction(await denoiser(x, level, { ...call, images: 2 })).x0,
      expected,
    );
  }
});

Deno.test("rescaledGuidance() leaves flat images as plain guidance has them", async () => {
  const flat = () => new Float64Array(4).fill(0.1);
  const x = Float64Array.of(1, 2, 3, 4);
  const x0 = (unconditional: Denoiser<Float64Array>, phi?: number) =>
    x0Of(
      guide<Float64Array>(flat, unconditional, 3, {
        ...(phi !== undefined && { combine: rescaledGuidance(phi) }),
      }),
      x,
      veLevel(2),
    );
  for (const phi of [0.7, 1]) near(await x0(flat, phi), await x0(flat));
  near(await x0(unconditional, 1), new Float64Array(4));
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

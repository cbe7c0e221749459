import {
  between,
  consistency,
  ddim,
  ddimInverse,
  ddpm,
  type Denoiser,
  dpmAdaptive,
  dpmpp,
  dpmSolver,
  euler,
  eulerAncestral,
  flowLevel,
  heun,
  type Level,
  posterior,
  sample,
  type Solver,
} from "@emoji/diffusion";
import { betaSchedule, linearBetas } from "@emoji/diffusion/schedules";
import {
  flowLevels,
  lastLevels,
  timestepLevels,
  trailingTimesteps,
  varianceExploding,
} from "@emoji/diffusion/steps";
import assert from "node:assert/strict";
import { exact, gaussian, referenceLevels } from "../gaussian.ts";

const VP = timestepLevels(
  betaSchedule(linearBetas(1000)),
  trailingTimesteps(1000, 12),
);
const FLOW = flowLevels(12);
const SIZE = 32;

function run(solver: Solver, levels: Level[], seed = 7): Promise<Float64Array> {
  const start = new Float64Array(SIZE).map((_, i) =>
    levels[0]!.sigma * Math.sin(i * seed)
  );
  return sample<Float64Array>(gaussian, {
    levels,
    solver,
    size: SIZE,
    seeds: [seed],
    start,
  });
}

async function same(
  a: Promise<Float64Array>,
  b: Promise<Float64Array>,
  tolerance = 1e-12,
) {
  const [x, y] = [await a, await b];
  x.forEach((value, i) =>
    assert.ok(
      Math.abs(value - y[i]!) <= tolerance,
      `[${i}] ${value} is not ${y[i]}`,
    )
  );
}

Deno.test("ddim() with eta 1 equals ddpm() on every process", async () => {
  for (const levels of [VP, FLOW, referenceLevels(12)]) {
    await same(run(ddim({ eta: 1 }), levels), run(ddpm(), levels));
  }
});

Deno.test("ddpm() equals eulerAncestral() where alpha is 1", async () => {
  const levels = referenceLevels(12);
  await same(run(ddpm(), levels), run(eulerAncestral(), levels));
});

Deno.test("dpmpp() and dpmSolver() of order 1 equal ddim(), with eta 1 in law", async () => {
  for (const levels of [VP, FLOW]) {
    await same(run(dpmpp({ order: 1 }), levels), run(ddim(), levels));
    if (levels[0]!.alpha > 0) {
      await same(run(dpmSolver({ order: 1 }), levels), run(ddim(), levels));
    }
  }
  const [level, next] = [VP[3]!, VP[4]!];
  const h = Math.log(next.alpha / next.sigma) -
    Math.log(level.alpha / level.sigma);
  const added = next.sigma ** 2 * (1 - Math.exp(-2 * h));
  assert.ok(Math.abs(added - posterior(level, next).variance) < 1e-15);
});

Deno.test("euler() on a straight flow equals ddim(): x' = x + (t' − t)·(ε − x0)", async () => {
  await same(run(euler(), FLOW), run(ddim(), FLOW));
  const [level, next] = [FLOW[2]!, FLOW[3]!];
  const x = Float64Array.of(0.4, -1.1);
  const moved = await sample<Float64Array>(gaussian, {
    levels: [level, next],
    solver: euler(),
    size: 2,
    start: x,
  });
  const x0 = await gaussian(x, level, { images: 1, step: 0 }) as Float64Array;
  moved.forEach((value, i) => {
    const velocity = (x[i]! - x0[i]!) / level.t;
    assert.ok(
      Math.abs(value - (x[i]! + (next.t - level.t) * velocity)) < 1e-12,
    );
  });
});

Deno.test("solvers give the same images whichever process they run on", async () => {
  for (const solver of [ddim(), euler(), dpmpp(), heun()]) {
    const ve = varianceExploding(VP);
    const start = Float64Array.from({ length: SIZE }, (_, i) => Math.sin(i));
    const options = { solver, size: SIZE };
    const vp = sample<Float64Array>(gaussian, {
      ...options,
      levels: VP,
      start,
    });
    const scaled = start.map((value) => value / VP[0]!.alpha);
    await same(
      vp,
      sample<Float64Array>(gaussian, { ...options, levels: ve, start: scaled }),
      1e-9,
    );
  }
});

Deno.test("ddimInverse() then ddim() is the identity", async () => {
  const down = lastLevels(VP, 1).slice(2, -1);
  const image = Float64Array.from({ length: SIZE }, (_, i) => Math.cos(i));
  const noisy = await sample<Float64Array>(gaussian, {
    levels: down.toReversed(),
    solver: ddimInverse({ iterations: 60 }),
    size: SIZE,
    start: image,
  });
  await same(
    sample<Float64Array>(gaussian, {
      levels: down,
      solver: ddim(),
      size: SIZE,
      start: noisy,
    }),
    Promise.resolve(image),
    1e-6,
  );
});

Deno.test("dpmpp() up and dpmAdaptive() down lead along the exact solution", async () => {
  const [high, low] = [referenceLevels(20)[0]!, {
    alpha: 1,
    sigma: 0.01,
    t: 0.01,
  }];
  const start = Float64Array.of(-12, 0.5, 20);
  const noisy = await sample<Float64Array>(gaussian, {
    levels: Array.from(
      { length: 400 },
      (_, i) => between(low, high, Math.log(100) - i / 399 * Math.log(1000)),
    ),
    solver: dpmpp(),
    size: 3,
    start: start.map((x) => exact(x, high, low)),
  });
  noisy.forEach((x, i) =>
    assert.ok(Math.abs(x / start[i]! - 1) < 1e-3, `${x} is not ${start[i]}`)
  );
  for (const order of [2, 3] as const) {
    const options = {
      levels: [high, low],
      solver: dpmAdaptive({ order, relative: 1e-5, absolute: 1e-6 }),
      size: 3,
      start,
    };
    const end = await sample<Float64Array>(gaussian, options);
    end.forEach((x, i) =>
      assert.ok(Math.abs(x - exact(start[i]!, high, low)) < 1e-4, `${x}`)
    );
  }
});

Deno.test("dpmpp() and dpmSolver() refuse to rise from the clean image or to pure noise", async () => {
  const rises = (solver: Solver, times: number[]) =>
    sample<Float64Array>(gaussian, {
      levels: times.map(flowLevel),
      solver,
      size: 2,
      start: Float64Array.of(0.1, 0.7),
    });
  for (const order of [1, 2, 3]) {
    await assert.rejects(rises(dpmpp({ order }), [0.5, 0.8, 1]), {
      name: "RangeError",
      message:
        'Cannot sample as levels towards noise must have sigma > 0 and alpha > 0, leave out the clean image and pure noise: current value is {"alpha":0,"sigma":1,"t":1}',
    });
    for (const solver of [dpmpp({ order }), dpmSolver({ order })]) {
      await assert.rejects(rises(solver, [0, 0.2, 0.5]), RangeError);
      const x = await rises(solver, [0.01, 0.5, 0.99]);
      assert.ok(x.every(Number.isFinite));
    }
    const down = await rises(dpmpp({ order }), [1, 0.5, 0]);
    assert.ok(down.every(Number.isFinite));
  }
});

Deno.test("sample() draws Gaussian data whatever the solver", async () => {
  const denoiser: Denoiser = (x, level, call) =>
    Float32Array.from(
      gaussian(Float64Array.from(x), level, call) as Float64Array,
    );
  for (
    const solver of [
      ddim(),
      ddpm(),
      heun(),
      dpmpp({ eta: 1 }),
      ddim({ eta: 0.5 }),
    ]
  ) {
    const x = await sample(denoiser, {
      levels: referenceLevels(60),
      solver,
      size: 20_000,
      seeds: [3],
    });
    const mean = x.reduce((sum, value) => sum + value, 0) / x.length;
    const deviation = Math.sqrt(
      x.reduce((sum, value) => sum + (value - mean) ** 2, 0) / x.length,
    );
    assert.ok(
      Math.abs(mean - 0.3) < 0.03 && Math.abs(deviation - 0.5) < 0.05,
      `${solver.name}: ${mean} ± ${deviation}`,
    );
  }
});

Deno.test("consistency() with the ideal consistency function draws the data in one step", async () => {
  const level = referenceLevels(4)[0]!;
  const clean = { alpha: 1, sigma: 0, t: 0 };
  const denoiser: Denoiser<Float64Array> = (x, at) =>
    x.map((value) => exact(value, at, clean));
  const start = Float64Array.of(-10, 3, 10);
  const x = await sample<Float64Array>(denoiser, {
    levels: [level, clean],
    solver: consistency(),
    size: 3,
    start,
    seeds: [1],
  });
  x.forEach((value, i) => assert.equal(value, exact(start[i]!, level, clean)));
});

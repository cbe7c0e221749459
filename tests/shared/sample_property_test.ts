import {
  clip,
  consistency,
  ddim,
  ddpm,
  deis,
  type Denoiser,
  dpm2,
  dpmpp,
  dpmpp2sAncestral,
  dpmppSde,
  dpmppSinglestep,
  dpmSolver,
  edm,
  euler,
  eulerAncestral,
  fromEpsilon,
  fromFlow,
  fromV,
  fromX0,
  heun,
  ipndm,
  type Level,
  lms,
  packRun,
  plms,
  pndm,
  sample,
  saSolver,
  type Solver,
  steps,
  unipc,
  unpackRun,
} from "@emoji/diffusion";
import {
  alphaBarBetas,
  betaSchedule,
  cosineAlphaBar,
  linearBetas,
  scaledLinearBetas,
} from "@emoji/diffusion/schedules";
import {
  flowLevels,
  karrasLevels,
  linspaceTimesteps,
  timestepLevels,
  trailingTimesteps,
  varianceExploding,
} from "@emoji/diffusion/steps";
import fc from "fast-check";
import assert from "node:assert/strict";

const SIZE = 5;
const schedules = fc.constantFrom(
  linearBetas(200),
  scaledLinearBetas(200),
  alphaBarBetas(200, cosineAlphaBar()),
);
const count = fc.integer({ min: 2, max: 9 });
const levels: fc.Arbitrary<Level[]> = fc.oneof(
  fc.tuple(schedules, count, fc.boolean(), fc.boolean()).map(
    ([betas, n, trailing, exploding]) => {
      const timesteps = (trailing ? trailingTimesteps : linspaceTimesteps)(
        200,
        n,
      );
      const list = timestepLevels(betaSchedule(betas), timesteps);
      return exploding ? varianceExploding(list) : list;
    },
  ),
  count.map((n) => karrasLevels(n)),
  fc.tuple(count, fc.double({ min: 0.5, max: 4, noNaN: true })).map((
    [n, shift],
  ) => flowLevels(n, { shift, start: 0.99 })),
);
const eta = fc.constantFrom(0, 0.5, 1);
const order = fc.integer({ min: 1, max: 3 });
const solvers: fc.Arbitrary<Solver> = fc.oneof(
  eta.map((eta) => ddim({ eta })),
  eta.map((eta) => eulerAncestral({ eta })),
  eta.map((eta) => dpm2({ eta })),
  eta.map((eta) => dpmpp2sAncestral({ eta })),
  eta.map((eta) => dpmppSde({ eta })),
  fc.tuple(order, eta).map(([order, eta]) => dpmpp({ order, eta })),
  fc.tuple(order, eta).map(([order, eta]) => dpmSolver({ order, eta })),
  order.map((order) => dpmppSinglestep({ order })),
  order.map((order) => deis({ order })),
  order.map((order) => unipc({ order })),
  fc.tuple(order, order).map(([predictorOrder, correctorOrder]) =>
    saSolver({ predictorOrder, correctorOrder })
  ),
  order.map((order) => lms({ order })),
  fc.constantFrom(
    ddpm(),
    euler(),
    heun(),
    euler({ churn: { amount: 5 } }),
    ipndm(),
    plms(),
    pndm(),
    consistency(),
  ),
);
/** A network that depends on all it is told, and bounded images whatever it says. */
const network = (x: Float32Array, told: number) =>
  x.map((value) => Math.tanh(value + Math.sin(told)));
const denoisers: fc.Arbitrary<Denoiser> = fc.constantFrom(
  fromEpsilon,
  fromX0,
  fromV,
  fromFlow,
  edm,
)
  .map((from) => clip(from(network)));
const run = fc.record({
  levels,
  solver: solvers,
  denoiser: denoisers,
  seeds: fc.array(fc.integer({ min: 0 }), { minLength: 1, maxLength: 3 }),
});
const RUNS = { numRuns: 60, seed: 1 };

Deno.test("sample() is finite and ends at the clean images, whatever goes together", async () => {
  await fc.assert(
    fc.asyncProperty(run, async ({ denoiser, ...options }) => {
      let last: Float32Array | undefined;
      const x = await sample(denoiser, {
        ...options,
        size: SIZE,
        onStep: ({ x0, index, steps }) => {
          if (index === steps - 1) last = x0;
        },
      });
      assert.ok(x.every(Number.isFinite), `${options.solver.name}: ${x}`);
      // A step to the clean image ends at the denoiser's estimate of it, but for methods that extrapolate the noise there.
      if (/^(lms|plms|pndm|ipndm)$/.test(options.solver.name)) return;
      x.forEach((value, i) =>
        assert.ok(
          Math.abs(value - last![i]!) < 1e-3 * Math.max(1, Math.abs(value)),
          `${options.solver.name} ${value} ${last![i]}`,
        )
      );
    }),
    RUNS,
  );
});

Deno.test("sample() of a batch equals its images drawn alone, bit for bit", async () => {
  await fc.assert(
    fc.asyncProperty(run, async ({ denoiser, seeds, ...options }) => {
      const batch = await sample(denoiser, { ...options, size: SIZE, seeds });
      for (const [k, seed] of seeds.entries()) {
        const single = await sample(denoiser, {
          ...options,
          size: SIZE,
          seeds: [seed],
        });
        assert.deepEqual(
          batch.slice(k * SIZE, (k + 1) * SIZE),
          single,
          options.solver.name,
        );
      }
    }),
    RUNS,
  );
});

Deno.test("sample() of a run that was stopped, packed and restored equals the uninterrupted run", async () => {
  await fc.assert(
    fc.asyncProperty(run, fc.nat(), async ({ denoiser, ...options }, stop) => {
      const all = { ...options, size: SIZE };
      const whole = await sample(denoiser, all);
      for await (const event of steps(denoiser, all)) {
        if (event.index !== stop % event.steps) continue;
        const { seeds: _, ...elsewhere } = all;
        const resume = unpackRun(packRun(event.state()));
        assert.deepEqual(
          await sample(denoiser, { ...elsewhere, resume }),
          whole,
          options.solver.name,
        );
        break;
      }
    }),
    RUNS,
  );
});

Deno.test("sample() that is aborted asks its denoiser nothing more", async () => {
  await fc.assert(
    fc.asyncProperty(run, fc.nat(), async ({ denoiser, ...options }, stop) => {
      const controller = new AbortController();
      const limit = stop % options.levels.length;
      let calls = 0;
      const counted: Denoiser = (x, level, call) => {
        if (calls++ === limit) controller.abort();
        return denoiser(x, level, call);
      };
      const done = sample(counted, {
        ...options,
        size: SIZE,
        signal: controller.signal,
      });
      await done.then(
        () => assert.ok(calls <= limit),
        (error) => assert.equal(error.name, "AbortError"),
      );
      assert.ok(calls <= limit + 1);
      const before = calls;
      await new Promise((resolve) => setTimeout(resolve, 0));
      assert.equal(calls, before);
    }),
    { ...RUNS, numRuns: 30 },
  );
});

Deno.test("sample() from pure noise is finite, or refused before it starts", async () => {
  await fc.assert(
    fc.asyncProperty(solvers, count, async (solver, n) => {
      let calls = 0;
      const denoiser = fromFlow((
        x: Float32Array,
        t,
      ) => (calls++, network(x, t)));
      const options = { levels: flowLevels(n), solver, size: SIZE, seeds: [1] };
      await sample(denoiser, options).then(
        (x) => assert.ok(x.every(Number.isFinite), solver.name),
        (error) => assert.match(error.message, /alpha > 0 at every level/),
      );
      const extrapolatesNoise = /^(dpm-solver|deis|p|ip)/.test(solver.name);
      assert.equal(calls === 0, extrapolatesNoise, solver.name);
    }),
    RUNS,
  );
});

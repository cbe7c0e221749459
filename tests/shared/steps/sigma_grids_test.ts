import assert from "node:assert/strict";
import {
  alignYourStepsSigmas,
  AYS_STABLE_DIFFUSION_15_SIGMAS,
  AYS_STABLE_DIFFUSION_15_TIMESTEPS,
  AYS_STABLE_DIFFUSION_XL_TIMESTEPS,
  betaSigmas,
  exponentialSigmas,
  karrasSigmas,
  polyexponentialSigmas,
  vpSigmas,
} from "@emoji/diffusion/steps";
import {
  betaSchedule,
  indexOfSigma,
  linearBetas,
  scheduleLevel,
} from "@emoji/diffusion/schedules";
import { noiseToSignal } from "../../../shared/level.ts";
import { betaQuantile } from "../../../shared/steps/_beta_quantile.ts";
import golden from "../../testdata/goldens/steps.json" with { type: "json" };

function near(
  actual: ArrayLike<number>,
  expected: readonly number[],
  relative: number,
): void {
  assert.equal(actual.length, expected.length);
  expected.forEach((value, i) =>
    assert.ok(
      Math.abs(actual[i]! - value) <= relative * Math.abs(value),
      `${i}: ${actual[i]}, ${value}`,
    )
  );
}

Deno.test("karrasSigmas() and polyexponentialSigmas() equal k-diffusion in float64", () => {
  const range = { sigmaMin: 0.1, sigmaMax: 10 };
  const sigmas = golden.sigmas;
  near(
    karrasSigmas(10, range),
    sigmas["get_sigmas_karras(10,0.1,10,rho=7)"],
    1e-11,
  );
  near(
    polyexponentialSigmas(10, range),
    sigmas["get_sigmas_polyexponential(10,0.1,10,rho=1)"],
    1e-11,
  );
  near(
    exponentialSigmas(10, range),
    sigmas["get_sigmas_polyexponential(10,0.1,10,rho=1)"],
    1e-11,
  );
  near(
    polyexponentialSigmas(10, { ...range, rho: 2 }),
    sigmas["get_sigmas_polyexponential(10,0.1,10,rho=2)"],
    1e-11,
  );
});

Deno.test("vpSigmas() equals k-diffusion's get_sigmas_vp(5)", () => {
  // t = np.linspace(1, 1e-3, 5); np.sqrt(np.exp(19.9 * t**2 / 2 + 0.1 * t) - 1)
  near(vpSigmas(5), [
    152.1669702839464,
    17.04912255896805,
    3.422244762572157,
    0.9575264822375216,
    0.010485992786706403,
    0,
  ], 1e-12);
  assert.throws(() => vpSigmas(5, { end: 0 }), /'end' must be/);
});

Deno.test("betaQuantile() equals scipy.stats.beta.ppf", () => {
  const cases = [
    [1, 0.6, 0.6, 1],
    [0.75, 0.6, 0.6, 0.824319621347305],
    [0.5, 0.6, 0.6, 0.5],
    [0, 0.6, 0.6, 0],
    [1e-6, 0.6, 0.6, 1.8558824624053043e-10],
    [1 - 3 / 9, 0.6, 0.6, 0.7245867092223766],
    [0.3, 2, 0.5, 0.7386793743590722],
    [2 / 3, 2, 0.5, 0.9488906759335552],
    [1 / 3, 2, 0.5, 0.7679632116054627],
  ] as const;
  for (const [p, a, b, expected] of cases) {
    near([betaQuantile(p, a, b)], [expected], 1e-12);
  }
});

Deno.test("betaSigmas() crowds both ends symmetrically", () => {
  const sigmas = betaSigmas(7, { sigmaMin: 1, sigmaMax: 3 });
  near(sigmas, [
    3,
    ...[...sigmas.subarray(1, 6)].reverse().map((sigma) => 4 - sigma),
    1,
    0,
  ], 1e-12);
  assert.ok(sigmas[0]! - sigmas[1]! < sigmas[2]! - sigmas[3]!);
  assert.throws(
    () => betaSigmas(5, { alpha: 0 }),
    /'alpha' and 'beta' must be positive/,
  );
});

Deno.test("alignYourStepsSigmas() has the published grid and stretches it", () => {
  const {
    "SD1.5 timesteps": sd,
    "SD1.5 sigmas": sigmas,
    "SDXL timesteps": xl,
  } = golden.alignYourSteps;
  assert.deepEqual(AYS_STABLE_DIFFUSION_15_TIMESTEPS, sd);
  assert.deepEqual(AYS_STABLE_DIFFUSION_XL_TIMESTEPS, xl);
  assert.deepEqual([...alignYourStepsSigmas(10)], sigmas);
  const longer = alignYourStepsSigmas(19); // every second point is one of the grid
  near(
    longer.filter((_, i) => i % 2 === 0),
    AYS_STABLE_DIFFUSION_15_SIGMAS,
    1e-12,
  );
  near([longer[1]! ** 2], [14.615 * 6.475], 1e-12);
  near(alignYourStepsSigmas(1), [14.615, 0], 1e-12);
});

Deno.test("exponentialSigmas() starts at sigmaMax to the last bit, so that a network is told the whole first timestep", () => {
  const schedule = betaSchedule(linearBetas(1000));
  const [sigmaMin, sigmaMax] = [0, 999].map((t) =>
    noiseToSignal(scheduleLevel(schedule, t))
  ) as [number, number];
  for (const steps of [1, 4, 7, 25]) {
    assert.equal(
      indexOfSigma(
        schedule,
        exponentialSigmas(steps, { sigmaMin, sigmaMax })[0]!,
      ),
      999,
    );
  }
});

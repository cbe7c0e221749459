import assert from "node:assert/strict";
import {
  alphaBarBetas,
  betaSchedule,
  cosineAlphaBar,
  linearBetas,
} from "@emoji/diffusion/schedules";
import {
  consistencySigmas,
  exponentialSigmas,
  gridLevels,
  karrasCurve,
  karrasSigmas,
  lcmTimesteps,
  leadingTimesteps,
  linspaceTimesteps,
  timestepLevels,
  trailingTimesteps,
  varianceExploding,
} from "@emoji/diffusion/steps";
import { type Level, noiseToSignal } from "../../../shared/level.ts";
import golden from "../../testdata/goldens/steps.json" with { type: "json" };

const float32 = { float32: true };
const schedule1000 = betaSchedule(linearBetas(1000, float32), float32);
const schedule1100 = betaSchedule(linearBetas(1100, float32), float32);
const cosine = betaSchedule(alphaBarBetas(1000, cosineAlphaBar()), float32);

/** Ends of a discrete process, as diffusers' grids take them. */
function ends(schedule: typeof schedule1000) {
  const sigma = (i: number) =>
    Math.fround(noiseToSignal(timestepLevels(schedule, [i])[0]!));
  return { sigmaMin: sigma(0), sigmaMax: sigma(schedule.length - 1) };
}

const { sigmaMin } = ends(schedule1000);
const dpm = (timesteps: number[]) =>
  timestepLevels(schedule1000, timesteps, {
    final: { alpha: 1, sigma: sigmaMin, t: 0 },
  });
const grid1000 = (sigmas: Float64Array) =>
  gridLevels(schedule1000, sigmas, { whole: true });
const flow = { alpha: 1, sigma: 0, t: 0 };

/**
 * The levels of each upstream scheduler in the lists of its test suite, by the name of the test without its last words.
 */
const levels: Record<string, Level[]> = {
  "DDIM.full_loop_no_noise": timestepLevels(
    schedule1000,
    leadingTimesteps(1000, 10),
  ),
  "DPMM.full_loop_no_noise": dpm(
    linspaceTimesteps(1000, 10, { dropLast: true }),
  ),
  "DPMM.full_loop_with_karras_and_v_prediction": grid1000(
    karrasSigmas(10, ends(schedule1000)),
  ),
  "DPMM.full_loop_with_lu_and_v_prediction": grid1000(
    exponentialSigmas(10, ends(schedule1000)),
  ),
  "Euler.full_loop_no_noise": timestepLevels(
    schedule1100,
    linspaceTimesteps(1100, 10, { whole: false }),
  ),
  "Euler.full_loop_device_karras_sigmas": gridLevels(
    schedule1100,
    karrasSigmas(10, ends(schedule1100)),
  ),
  "EDMEuler.full_loop_no_noise": [...karrasSigmas(10)].map((sigma) => ({
    alpha: 1,
    sigma,
    t: Math.log(sigma) / 4,
  })),
  "CM.full_loop_multistep": [...consistencySigmas(201, [106, 0], karrasCurve())]
    .map((sigma) => ({
      alpha: 1,
      sigma,
      t: 250 * Math.log(sigma + 1e-44),
    })),
  "CM.full_loop_onestep": [
    ...consistencySigmas(201, leadingTimesteps(201, 1), karrasCurve()),
  ].map((sigma) => ({
    alpha: 1,
    sigma,
    t: 250 * Math.log(sigma + 1e-44),
  })),
  "CM.full_loop_with_noise": [
    ...consistencySigmas(201, leadingTimesteps(201, 10), karrasCurve()),
  ].map((sigma) => ({
    alpha: 1,
    sigma,
    t: 250 * Math.log(sigma + 1e-44),
  })),
  "LCM.full_loop.1": timestepLevels(schedule1000, lcmTimesteps(1000, 1)),
  "LCM.full_loop.10": timestepLevels(schedule1000, lcmTimesteps(1000, 10)),
  "UnCLIP.full_loop_skip_timesteps": timestepLevels(
    cosine,
    linspaceTimesteps(1000, 25),
  ),
  "extra.DPMM.eps.leading": dpm(leadingTimesteps(1000, 10, { dropLast: true })),
  "extra.DPMM.eps.final_zero_lof": timestepLevels(
    schedule1000,
    linspaceTimesteps(1000, 10, { dropLast: true }),
    { final: flow },
  ),
  "extra.DDPM.steps20.seed0.fixed_large.trailing": timestepLevels(
    schedule1000,
    trailingTimesteps(1000, 20),
  ),
  "extra.schedule_derived.DDIM.steps7.trailing": timestepLevels(
    schedule1000,
    trailingTimesteps(1000, 7),
  ),
};
const aliases: Record<string, string> = {
  "DPMS.full_loop_with_karras": "DPMM.full_loop_with_karras_and_v_prediction",
  "UniPC.full_loop_with_karras": "DPMM.full_loop_with_karras_and_v_prediction",
  "extra.DPMM.eps.karras": "DPMM.full_loop_with_karras_and_v_prediction",
  "DEIS.full_loop_no_noise": "DPMM.full_loop_no_noise",
  "DPMS.full_loop_no_noise": "DPMM.full_loop_no_noise",
  "UniPC.full_loop_no_noise": "DPMM.full_loop_no_noise",
  "EulerA.full_loop_no_noise": "Euler.full_loop_no_noise",
  "LMS.full_loop_no_noise": "Euler.full_loop_no_noise",
  "LMS.full_loop_device_karras_sigmas": "Euler.full_loop_device_karras_sigmas",
  "TCD.full_loop.eta0.0.10": "LCM.full_loop.10",
};

Deno.test("the levels of a run equal the tables of diffusers' schedulers", () => {
  const tables: Record<string, { timesteps?: number[]; sigmas?: number[] }> =
    golden.tables;
  for (const key of [...Object.keys(levels), ...Object.keys(aliases)]) {
    const actual = varianceExploding(levels[aliases[key] ?? key]!, float32);
    const { timesteps = [], sigmas = [] } = tables[key]!;
    timesteps.forEach((t, i) =>
      assert.ok(
        Math.abs(actual[i]!.t - t) <= 2e-5 * Math.max(1, Math.abs(t)),
        `${key} t ${i}: ${actual[i]!.t}, ${t}`,
      )
    );
    sigmas.forEach((sigma, i) => {
      // Grids of the DPM-Solver family repeat their last sigma upstream, where ours end.
      const ours = actual[i]!.sigma || (i === sigmas.length - 1 ? sigma : 0);
      assert.ok(
        Math.abs(ours - sigma) <= 1e-6 * sigma,
        `${key} sigma ${i}: ${ours}, ${sigma}`,
      );
    });
  }
});

Deno.test("Heun's doubled and DDIM inverse's reversed tables are the same levels", () => {
  const heun = golden.tables["Heun.full_loop_no_noise"].sigmas.filter((
    sigma,
    i,
    all,
  ) => sigma !== all[i - 1]);
  const euler = golden.tables["Euler.full_loop_no_noise"].sigmas;
  heun.forEach((sigma, i) =>
    assert.ok(Math.abs(sigma - euler[i]!) <= 1e-9 * sigma)
  );
  assert.deepEqual(
    leadingTimesteps(1000, 10).reverse(),
    golden.tables["DDIMInv.full_loop_no_noise"].timesteps,
  );
});

import {
  ddim,
  dpm2,
  dpmpp,
  dpmpp2m,
  dpmpp2mSde,
  dpmpp2sAncestral,
  dpmpp3mSde,
  dpmppSde,
  euler,
  eulerAncestral,
  heun,
  type Level,
  lms,
  type NoiseSource,
  sample,
  type Solver,
  veLevel,
} from "@emoji/diffusion";
import { karrasSigmas } from "@emoji/diffusion/steps";
import assert from "node:assert/strict";
import golden from "../../testdata/goldens/k_diffusion.json" with {
  type: "json",
};
import { gaussian, referenceLevels } from "../gaussian.ts";

const SOLVERS: Record<string, Solver> = {
  euler: euler(),
  "dpm_2": dpm2(),
  "lms_order4": lms(),
  "dpmpp_2s_ancestral_eta0": dpmpp2sAncestral({ eta: 0 }),
  "euler_ancestral_eta0": eulerAncestral({ eta: 0 }),
  "dpmpp_2m_sde_eta0_midpoint": dpmpp2mSde({ eta: 0 }),
  "dpmpp_3m_sde_eta0": dpmpp3mSde({ eta: 0 }),
};
const NOISY: Record<string, Solver> = {
  "euler_ancestral": eulerAncestral(),
  "dpmpp_2s_ancestral": dpmpp2sAncestral(),
  "dpmpp_3m_sde": dpmpp3mSde(),
  "dpmpp_sde": dpmppSde(),
};
const HALF: NoiseSource = {
  normal: (out) => out.fill(0.5),
  state: () => ({ kind: "half" }),
};

function run(solver: Solver, levels: Level[]): Promise<Float64Array> {
  const sigmaMax = levels[0]!.sigma;
  const start = Float64Array.of(-2, -1, 0, 1, 2).map((v) => v * sigmaMax);
  const options = { levels, solver, size: 5, start, noise: [HALF] };
  return sample<Float64Array>(gaussian, options);
}

/** The goldens have twelve digits. */
function close(actual: ArrayLike<number>, expected: number[], name: string) {
  expected.forEach((value, i) => {
    const tolerance = 1e-9 * Math.max(1, Math.abs(value));
    assert.ok(
      Math.abs(actual[i]! - value) <= tolerance,
      `${name}[${i}]: ${actual[i]} is not ${value}`,
    );
  });
}

const goldens = golden.k_diffusion as unknown as Record<
  string,
  Record<string, { x: number[] }> & number[]
>;
for (const key of Object.keys(goldens)) {
  const [kind, name = ""] = key.split(".");
  if (kind === "analytic") {
    Deno.test(`${name} equals k-diffusion on the analytic problem`, async () => {
      const solver = SOLVERS[name]!;
      for (const [n, { x }] of Object.entries(goldens[key]!)) {
        if (!n.startsWith("n=")) continue;
        const steps = Number(n.slice(2));
        close(await run(solver, referenceLevels(steps)), x, `${name} ${n}`);
      }
    });
  } else if (key.startsWith("noise_const_0.5.")) {
    const solver = key.split(".")[2]!;
    Deno.test(`${solver} equals k-diffusion with all noise 0.5`, async () => {
      close(await run(NOISY[solver]!, referenceLevels(10)), goldens[key]!, key);
    });
  }
}

Deno.test("heun() equals the sampler of EDM with churn and all noise 0.5", async () => {
  const [expected] = Object.values(golden.edm);
  const churn = { amount: 40, range: [0.05, 50], scale: 1.003 } as const;
  const levels = Array.from(karrasSigmas(18), veLevel);
  close(await run(heun({ churn }), levels), expected!, "edm");
});

Deno.test("ddim() equals euler() where alpha is 1, dpmpp2mSde() without noise equals dpmpp2m()", async () => {
  const levels = referenceLevels(10);
  const same = async (a: Solver, b: Solver) =>
    close(await run(a, levels), Array.from(await run(b, levels)), a.name);
  await same(ddim(), euler());
  await same(dpmpp({ order: 1 }), euler());
  await same(dpmpp2mSde({ eta: 0 }), dpmpp2m());
  await same(dpmppSde({ eta: 0 }), dpmpp2sAncestral({ eta: 0 }));
});

import assert from "node:assert/strict";
import {
  alphaBarBetas,
  betaSchedule,
  constantBetas,
  cosineAlphaBar,
  exponentialAlphaBar,
  jsdBetas,
  laplaceAlphaBar,
  linearBetas,
  scaledLinearBetas,
  type Schedule,
  sigmoidAlphaBar,
  sigmoidBetas,
  zeroTerminalSnr,
} from "@emoji/diffusion/schedules";
import golden from "../../testdata/goldens/noise_schedules.json" with {
  type: "json",
};

interface Expected {
  betas: Record<string, number>;
  alphaBars: Record<string, number>;
  sumAlphaBars: number;
  sumBetas?: number;
}

const stable = { start: 0.00085, end: 0.012 }; // Stable Diffusion
const cosine = (length: number) => alphaBarBetas(length, cosineAlphaBar());
const laplace = alphaBarBetas(1000, laplaceAlphaBar);

const float64: Record<string, Schedule> = {
  "diffusers.linear": betaSchedule(linearBetas(1000)),
  "diffusers.linear.zero_snr": betaSchedule(zeroTerminalSnr(linearBetas(1000))),
  "diffusers.scaled_linear_sd": betaSchedule(scaledLinearBetas(1000, stable)),
  "diffusers.scaled_linear_sd.zero_snr": betaSchedule(
    zeroTerminalSnr(scaledLinearBetas(1000, stable)),
  ),
  "diffusers.squaredcos_cap_v2": betaSchedule(cosine(1000)),
  "diffusers.squaredcos_cap_v2.zero_snr": betaSchedule(
    zeroTerminalSnr(cosine(1000)),
  ),
  "diffusers.laplace": betaSchedule(laplace, { sorted: false }),
  "diffusers.laplace.zero_snr": betaSchedule(zeroTerminalSnr(laplace), {
    sorted: false,
  }),
  "diffusers.exp(betas_for_alpha_bar)": betaSchedule(
    alphaBarBetas(1000, exponentialAlphaBar),
  ),
  "diffusers.squaredcos.n10": betaSchedule(cosine(10)),
  "diffusers.squaredcos.n100": betaSchedule(cosine(100)),
  "diffusers.squaredcos.n4000": betaSchedule(cosine(4000)),
  ...Object.fromEntries([1000, 250, 100].flatMap((length) => [
    [
      `lucidrains.sigmoid(start-3,end3,tau1).T${length}`,
      betaSchedule(alphaBarBetas(length, sigmoidAlphaBar())),
    ],
    [`lucidrains.cosine(s.008).T${length}`, betaSchedule(cosine(length))],
    [
      `lucidrains.linear.T${length}`,
      betaSchedule(linearBetas(length, { scaled: true })),
    ],
  ])),
  "lucidrains.sigmoid(start0,end3,tau.7).T1000": betaSchedule(
    alphaBarBetas(1000, sigmoidAlphaBar({ start: 0, tau: 0.7 })),
  ),
  "ddim.quad": betaSchedule(scaledLinearBetas(1000)),
  "ddim.linear": betaSchedule(linearBetas(1000)),
  "ddim.const": betaSchedule(constantBetas(1000)),
  "ddim.jsd": betaSchedule(jsdBetas(1000)),
  "ddim.sigmoid(-6..6)": betaSchedule(sigmoidBetas(1000)),
};

const float32 = { float32: true };
const stable32 = { ...stable, ...float32 };

/** What diffusers has: float32 tables. Its sigmoid grid is float32 even where everything else is float64. */
const rounded: Record<string, Schedule> = {
  "diffusers.linear": betaSchedule(linearBetas(1000, float32), float32),
  "diffusers.linear.zero_snr": betaSchedule(
    zeroTerminalSnr(linearBetas(1000, float32), float32),
    float32,
  ),
  "diffusers.scaled_linear_sd": betaSchedule(
    scaledLinearBetas(1000, stable32),
    float32,
  ),
  "diffusers.scaled_linear_sd.zero_snr": betaSchedule(
    zeroTerminalSnr(scaledLinearBetas(1000, stable32), float32),
    float32,
  ),
  "diffusers.squaredcos_cap_v2": betaSchedule(cosine(1000), float32),
};
const sigmoid: Record<string, Schedule> = {
  "diffusers.sigmoid": betaSchedule(sigmoidBetas(1000, float32), float32),
  "diffusers.sigmoid.zero_snr": betaSchedule(
    zeroTerminalSnr(sigmoidBetas(1000, float32), float32),
    float32,
  ),
};

function compare(
  name: string,
  { betas, alphaBars }: Schedule,
  expected: Expected,
  relative: number,
  ofSums: number,
): void {
  const near = (
    actual: number,
    wanted: number,
    what: string,
    tolerance = relative,
  ) =>
    assert.ok(
      Math.abs(actual - wanted) <= tolerance * Math.abs(wanted),
      `${name} ${what}: ${actual}, ${wanted}`,
    );
  const sum = (table: Float64Array) => table.reduce((a, b) => a + b);
  for (const [i, beta] of Object.entries(expected.betas)) {
    near(betas[Number(i)]!, beta, `beta ${i}`);
  }
  for (const [i, alphaBar] of Object.entries(expected.alphaBars)) {
    near(alphaBars[Number(i)]!, alphaBar, `alphaBar ${i}`);
  }
  near(
    sum(alphaBars),
    expected.sumAlphaBars,
    "sum of alphaBars",
    ofSums,
  );
  if (expected.sumBetas) {
    near(
      sum(betas),
      expected.sumBetas,
      "sum of betas",
      ofSums,
    );
  }
}

Deno.test("betaSchedule() equals diffusers, lucidrains and ermongroup/ddim in float64", () => {
  const references: Record<string, Expected> = {
    ...golden.measured_f64,
    ...golden.lucidrains_and_ermongroup_f64,
  };
  const names = Object.keys(references).filter((name) =>
    !name.startsWith("diffusers.sigmoid")
  );
  assert.deepEqual(names.sort(), Object.keys(float64).sort());
  for (const name of names) {
    compare(name, float64[name]!, references[name]!, 1e-9, 1e-9);
  }
});

Deno.test("betaSchedule() in float32 has torch's tables to all printed digits", () => {
  const references: Record<string, Expected> = golden.measured_f32;
  assert.deepEqual(Object.keys(references).sort(), Object.keys(rounded).sort());
  for (const [name, expected] of Object.entries(references)) {
    compare(name, rounded[name]!, expected, 1e-11, 2e-7);
  }
  const others: Record<string, Expected> = golden.measured_f64;
  for (const [name, schedule] of Object.entries(sigmoid)) {
    compare(name, schedule, others[name]!, 1e-11, 2e-7);
  }
});

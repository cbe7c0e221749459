import {
  dpm2,
  dpmAdaptive,
  dpmFast,
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
import assert from "node:assert/strict";
import golden from "../../testdata/goldens/k_diffusion_more.json" with {
  type: "json",
};
import { gaussian, referenceLevels } from "../gaussian.ts";

const HALF: NoiseSource = {
  normal: (out) => out.fill(0.5),
  state: () => ({ kind: "half" }),
};
const CHURN = { amount: 8, range: [0.05, 5], scale: 1.01 } as const;

/** DPM-Solver-fast: the levels are even in λ and as many as the evaluations allow. */
function fastLevels(evaluations: number): Level[] {
  const steps = Math.floor(evaluations / 3) + 1;
  return Array.from(
    { length: steps + 1 },
    (_, i) => veLevel(10 * (0.01 / 10) ** (i / steps)),
  );
}

function fastOrders(
  evaluations: number,
): (index: number, steps: number) => number {
  const rest = evaluations % 3;
  return (index, steps) => {
    if (rest === 0) return index < steps - 2 ? 3 : steps - index;
    return index < steps - 1 ? 3 : rest;
  };
}

function solverOf(
  name: string,
  n: number,
): { solver: Solver; levels?: Level[] } {
  const [method, ...options] = name.split(/\.(?=[a-z])/);
  const value = (key: string) =>
    Number(options.find((option) => option.startsWith(key))?.split("=")[1]);
  const eta = value("eta");
  const churn = options.some((option) => option.startsWith("churn"))
    ? CHURN
    : {};
  switch (method) {
    case "euler":
      return { solver: euler({ churn }) };
    case "heun":
      return { solver: heun({ churn }) };
    case "dpm_2":
      return { solver: dpm2({ churn }) };
    case "lms":
      return { solver: lms({ order: value("order") }) };
    case "dpmpp_2m":
      return { solver: dpmpp2m() };
    case "euler_ancestral":
      return { solver: eulerAncestral({ eta }) };
    case "dpm_2_ancestral":
      return { solver: dpm2({ eta }) };
    case "dpmpp_2s_ancestral":
      return { solver: dpmpp2sAncestral({ eta }) };
    case "dpmpp_sde":
      return { solver: dpmppSde({ eta }) };
    case "dpmpp_2m_sde":
      return { solver: dpmpp2mSde({ eta }) };
    case "dpmpp_2m_sde_heun":
      return { solver: dpmpp2mSde({ eta, exactSlope: true }) };
    case "dpmpp_3m_sde":
      return { solver: dpmpp3mSde({ eta }) };
    case "dpm_fast":
      return {
        solver: dpmFast({ eta, orders: fastOrders(n) }),
        levels: fastLevels(n),
      };
    case "dpm_adaptive":
      return {
        solver: dpmAdaptive({ eta, order: value("order") as 2 | 3 }),
        levels: [10, 0.01].map(veLevel),
      };
    default:
      throw new Error(name);
  }
}

for (const [key, expected] of Object.entries(golden.runs)) {
  const [, name, n] = key.match(/^(.*)\.n=(\d+)$/)!;
  Deno.test(`${name} equals k-diffusion with ${n} steps`, async () => {
    const { solver, levels = referenceLevels(Number(n)) } = solverOf(
      name!,
      Number(n),
    );
    const start = Float64Array.of(-20, -10, 0, 10, 20);
    const x = await sample<Float64Array>(gaussian, {
      levels,
      solver,
      size: 5,
      start,
      noise: [HALF],
    });
    expected.forEach((value, i) => {
      const tolerance = 1e-9 * Math.max(1, Math.abs(value));
      assert.ok(
        Math.abs(x[i]! - value) <= tolerance,
        `[${i}] ${x[i]} is not ${value}`,
      );
    });
  });
}

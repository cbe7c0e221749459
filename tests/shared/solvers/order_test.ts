// Order of convergence on Gaussian data, whose probability-flow ODE has a closed form. Multistep solvers start with the
// exact history, so that their first steps of lower order do not hide the order of the method.
import {
  between,
  ddim,
  deis,
  dpm2,
  dpmFast,
  dpmpp,
  dpmpp2m,
  dpmpp2sAncestral,
  dpmppSde,
  dpmppSinglestep,
  dpmSolver,
  dpmSolverSinglestep,
  euler,
  eulerAncestral,
  flowHeun,
  heun,
  ipndm,
  type Level,
  lms,
  plms,
  pndm,
  sample,
  saSolver,
  type Solver,
  unipc,
  veLevel,
} from "@emoji/diffusion";
import assert from "node:assert/strict";
import { exact, gaussian } from "../gaussian.ts";

/** Ends of the run: the same noise-to-signal ratios on three processes. */
const PROCESSES: Record<string, (sigma: number) => Level> = {
  "variance exploding": veLevel,
  "variance preserving": (sigma) => ({
    alpha: 1 / Math.hypot(1, sigma),
    sigma: sigma / Math.hypot(1, sigma),
    t: sigma,
  }),
  "flow": (sigma) => ({
    alpha: 1 / (1 + sigma),
    sigma: sigma / (1 + sigma),
    t: sigma,
  }),
};
/** Noise-to-signal ratio at a share of the run. */
const GRIDS = {
  lambda: (share: number) => 5 * (0.2 / 5) ** share,
  sigma: (share: number) => 1.5 + share * (0.5 - 1.5),
};

async function largestError(
  solver: Solver,
  level: (sigma: number) => Level,
  grid: keyof typeof GRIDS,
  steps: number,
): Promise<number> {
  const levels = Array.from(
    { length: steps + 1 },
    (_, i) => level(GRIDS[grid](i / steps)),
  );
  const first = levels[0]!;
  const begin = Float64Array.of(-2, -1, 0.5, 1, 2).map((z) =>
    first.alpha * 0.3 + z * first.sigma
  );
  const trajectory = levels.map((to) => begin.map((x) => exact(x, first, to)));
  const index = solver.history ?? 0;
  const history = await Promise.all(
    Array.from({ length: index }, async (_, k) => {
      const [x, past] = [trajectory[index - 1 - k]!, levels[index - 1 - k]!];
      const x0 = await gaussian(x, past, {
        images: 1,
        step: 0,
      }) as Float64Array;
      return { level: past, x, x0 };
    }),
  );
  const resume = {
    index,
    x: trajectory[index]!,
    history,
    memory: new Map(),
    noise: [],
  };
  const x = await sample<Float64Array>(gaussian, {
    levels,
    solver,
    size: 5,
    resume,
    noise: [{ normal: (out) => out.fill(0), state: () => ({ kind: "none" }) }],
    at: (lambda) => between(first, levels.at(-1)!, lambda),
  });
  return Math.max(
    ...x.map((value, i) => Math.abs(value - trajectory.at(-1)![i]!)),
  );
}

const ORDERS: [
  solver: Solver,
  order: number,
  grid?: keyof typeof GRIDS,
  only?: string,
][] = [
  [ddim(), 1],
  [euler(), 1],
  [eulerAncestral({ eta: 0 }), 1],
  [heun(), 2],
  [heun({ alpha: 2 / 3 }), 2],
  [flowHeun(), 2, "lambda", "flow"],
  [dpm2(), 2],
  [lms({ order: 2 }), 2],
  [lms({ order: 3 }), 3],
  [lms({ order: 4 }), 4],
  [ipndm({ order: 2 }), 2, "sigma"],
  [ipndm({ order: 4 }), 4, "sigma"],
  [plms(), 4, "sigma"],
  [pndm(), 4, "sigma"],
  [dpmpp({ order: 1 }), 1],
  [dpmpp2m(), 2],
  [dpmpp2m({ exactSlope: true }), 2],
  [dpmpp({ order: 3 }), 2], // as published; see exactCurvature
  [dpmpp({ order: 3, exactCurvature: true }), 3],
  [dpmSolver({ order: 1 }), 1],
  [dpmSolver({ order: 2 }), 2],
  [dpmSolver({ order: 3, exactCurvature: true }), 3],
  [dpmppSinglestep({ order: 2, lowerOrderFinal: false }), 2],
  [dpmppSinglestep({ order: 3, lowerOrderFinal: false }), 3],
  [dpmppSinglestep({ order: 3, exactSlope: true, lowerOrderFinal: false }), 3],
  [dpmSolverSinglestep({ order: 2, lowerOrderFinal: false }), 2],
  [dpmSolverSinglestep({ order: 3, lowerOrderFinal: false }), 3],
  [dpmFast({ orders: () => 1 }), 1],
  [dpmFast({ orders: () => 2 }), 2],
  [dpmFast({ orders: () => 3 }), 3],
  [dpmpp2sAncestral({ eta: 0 }), 2],
  [dpmppSde({ eta: 0 }), 2],
  [deis({ order: 1 }), 1],
  [deis({ order: 2 }), 2],
  [deis({ order: 3 }), 3],
  [deis({ order: 4 }), 4],
  [unipc({ order: 1, lowerOrderFinal: false }), 2],
  [unipc({ order: 2, lowerOrderFinal: false }), 3],
  [unipc({ order: 3, lowerOrderFinal: false }), 4],
  [unipc({ order: 2, linear: true, lowerOrderFinal: false }), 3],
  [unipc({ order: 2, predictNoise: true, lowerOrderFinal: false }), 3],
  [saSolver({ tau: () => 0, correctorOrder: 0, lowerOrderFinal: false }), 2],
  [
    saSolver({
      tau: () => 0,
      predictorOrder: 3,
      correctorOrder: 0,
      lowerOrderFinal: false,
    }),
    3,
  ],
  [
    saSolver({
      tau: () => 0,
      predictorOrder: 3,
      correctorOrder: 4,
      lowerOrderFinal: false,
    }),
    4,
  ],
];

for (const [process, level] of Object.entries(PROCESSES)) {
  for (const [k, [solver, order, grid = "lambda", only]] of ORDERS.entries()) {
    if (only !== undefined && only !== process) continue;
    const what = `order ${order} on a ${process} process`;
    Deno.test(`${solver.name} converges with ${what} (row ${k})`, async () => {
      const coarse = await largestError(solver, level, grid, 120);
      const fine = await largestError(solver, level, grid, 240);
      const observed = Math.log2(coarse / fine);
      assert.ok(
        Math.abs(observed - order) <= 0.15,
        `observed order ${observed.toFixed(3)}, error ${fine}`,
      );
    });
  }
}

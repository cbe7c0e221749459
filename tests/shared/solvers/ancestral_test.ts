import {
  ddim,
  ddpm,
  dpm2,
  dpmFast,
  dpmpp,
  dpmpp2sAncestral,
  dpmppSde,
  eulerAncestral,
  flowLevel,
  type Level,
  saSolver,
  type Solver,
  steps,
  veLevel,
} from "@emoji/diffusion";
import assert from "node:assert/strict";

/** Asserts that a step leaves images that are known to be black with the noise of the level it reaches. */
async function reaches(solver: Solver, level: Level, next: Level) {
  const run = steps((x) => new Float32Array(x.length), {
    levels: [level, next, { alpha: 1, sigma: 0, t: 0 }],
    solver,
    size: 40_000,
    seeds: [5],
  });
  const { value } = await run.next();
  const { x } = value!;
  const deviation = Math.sqrt(x.reduce((sum, z) => sum + z ** 2, 0) / x.length);
  assert.ok(
    Math.abs(deviation / next.sigma - 1) < 0.01,
    `${solver.name}: ${deviation} is not ${next.sigma}`,
  );
}

Deno.test("a step from pure noise ends with the noise of its level, whatever the solver adds", async () => {
  for (const eta of [0, 0.5, 1]) {
    for (
      const solver of [
        ddim({ eta }),
        dpm2({ eta }),
        dpmpp({ eta }),
        dpmpp2sAncestral({ eta }),
        dpmppSde({ eta }),
        eulerAncestral({ eta }),
      ]
    ) {
      await reaches(solver, flowLevel(1), flowLevel(0.5));
    }
  }
  for (const solver of [ddpm(), saSolver()]) {
    await reaches(solver, flowLevel(1), flowLevel(0.5));
  }
});

Deno.test("a step that is to add more noise than its level has ends with the noise of its level", async () => {
  for (
    const solver of [
      ddim({ eta: 2 }),
      dpm2({ eta: 2 }),
      dpmFast({ eta: 2 }),
      dpmpp({ eta: 2 }),
      dpmpp2sAncestral({ eta: 2 }),
      dpmppSde({ eta: 2 }),
      eulerAncestral({ eta: 2 }),
    ]
  ) {
    await reaches(solver, veLevel(10), veLevel(1));
  }
});

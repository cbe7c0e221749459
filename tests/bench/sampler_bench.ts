// Cost of a step beyond the network: `deno bench -A tests/bench/sampler_bench.ts`. The network returns a constant.
// Bytes allocated per step are printed when run as a program: `deno run -A --v8-flags=--expose-gc tests/bench/sampler_bench.ts`.
import {
  ddim,
  dpmpp2m,
  fromEpsilon,
  sample,
  type Solver,
} from "@emoji/diffusion";
import { betaSchedule, linearBetas } from "@emoji/diffusion/schedules";
import { timestepLevels, trailingTimesteps } from "@emoji/diffusion/steps";

/** Steps of a measured run. */
export const STEPS = 50;
export const SHAPES: readonly [images: number, size: number][] = [
  [1, 3 * 32 * 32],
  [1, 4 * 64 * 64],
  [16, 4 * 64 * 64],
];
export const SOLVERS: Record<string, () => Solver> = {
  "DDIM": ddim,
  "DPM++ 2M": dpmpp2m,
};

const levels = timestepLevels(
  betaSchedule(linearBetas(1000)),
  trailingTimesteps(1000, STEPS),
);

/** A run whose network costs nothing. */
export async function run(
  solver: Solver,
  images: number,
  size: number,
): Promise<Float32Array> {
  const output = new Float32Array(images * size).fill(0.1);
  const start = new Float32Array(images * size).fill(0.5);
  return await sample(fromEpsilon<Float32Array>(() => output), {
    levels,
    solver,
    size,
    start,
  });
}

/** Microseconds a step, the best of some runs, as a machine that others use too must be measured. */
export async function microsecondsPerStep(
  solver: Solver,
  images: number,
  size: number,
  runs: number,
): Promise<number> {
  for (let i = 0; i < 5; i++) await run(solver, images, size);
  let best = Infinity;
  for (let i = 0; i < runs; i++) {
    const start = performance.now();
    await run(solver, images, size);
    best = Math.min(best, performance.now() - start);
  }
  return best / STEPS * 1000;
}

for (const [images, size] of SHAPES) {
  for (const [name, make] of Object.entries(SOLVERS)) {
    Deno.bench(`${name}, ${images} × ${size} numbers, ${STEPS} steps`, {
      group: `${images} × ${size}`,
    }, async () => {
      await run(make(), images, size);
    });
  }
}

if (import.meta.main && "gc" in globalThis) {
  const gc = (globalThis as unknown as { gc(): void }).gc;
  for (const [images, size] of SHAPES) {
    for (const [name, make] of Object.entries(SOLVERS)) {
      const time = await microsecondsPerStep(make(), images, size, 40);
      gc();
      const before = Deno.memoryUsage();
      await run(make(), images, size);
      const after = Deno.memoryUsage();
      const bytes = after.external - before.external + after.heapUsed -
        before.heapUsed;
      const arrays = bytes / STEPS / (images * size * 4);
      console.log(
        `${name} ${images} × ${size}: ${time.toFixed(1)} µs a step, ${
          arrays.toFixed(2)
        } arrays a step`,
      );
    }
  }
}

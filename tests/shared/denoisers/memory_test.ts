import {
  type Denoiser,
  guide,
  guideTogether,
  packRun,
  projectedGuidance,
  sample,
  selfCondition,
  steps,
  unpackRun,
  veLevel,
} from "@emoji/diffusion";
import { karrasLevels } from "@emoji/diffusion/steps";
import assert from "node:assert/strict";
import { call, near, x0Of } from "./denoised.ts";

/** A self-conditioned branch that says what it hears, and answers numbers from `first` on. */
function branch(first: number, seen: number[]): Denoiser {
  return selfCondition<Float32Array>((x, previous) => {
    seen.push(previous[0]!);
    return x.map(() => first + seen.length);
  });
}

Deno.test("guide() lets each self-conditioned branch hear its own last images, and those of a resumed run", async () => {
  const options = { levels: karrasLevels(6), size: 2, seeds: [1] };
  const watched = () => {
    const [plain, other, worse]: number[][] = [[], [], []];
    const inner = guide(branch(10, plain!), branch(20, other!), 2);
    return {
      seen: { plain, other, worse },
      denoiser: guide(inner, branch(30, worse!), 1.5),
    };
  };
  const whole = watched();
  const x = await sample(whole.denoiser, options);
  assert.deepEqual(whole.seen, {
    plain: [0, 11, 12, 13, 14, 15],
    other: [0, 21, 22, 23, 24, 25],
    worse: [0, 31, 32, 33, 34, 35],
  });

  const stopped = watched();
  for await (const event of steps(stopped.denoiser, options)) {
    if (event.index < 2) continue;
    const { seeds: _, ...elsewhere } = options;
    const resume = unpackRun(packRun(event.state()));
    assert.deepEqual(
      await sample(stopped.denoiser, { ...elsewhere, resume }),
      x,
    );
    break;
  }
  assert.deepEqual(stopped.seen, whole.seen);
});

Deno.test("guide() keeps the momentum of one guidance from that of another inside it", async () => {
  const constant = (...x0: number[]) => () => Float64Array.from(x0);
  const options = { combine: projectedGuidance({ momentum: -0.5 }) };
  const inner = guide<Float64Array>(
    constant(1, 2, 3),
    constant(0, 1, 0),
    3,
    options,
  );
  const last = constant(1, -1, 0);
  const nested = guide<Float64Array>(inner, last, 2, options);
  const together = guide<Float64Array>(
    guideTogether<Float64Array>((x, ...rest) => inner(x, ...rest), () => 1),
    last,
    2,
    options,
  );
  const own = new Map();
  const apart = guide<Float64Array>(
    (x, level, call) => inner(x, level, { ...call, memory: own }),
    last,
    2,
    options,
  );
  const memories = [new Map(), new Map(), new Map()];
  const x = new Float64Array(3);
  for (let step = 0; step < 3; step++) {
    const [a, b, c] = await Promise.all(
      [nested, together, apart].map((denoiser, k) =>
        x0Of(
          (x, level) =>
            denoiser(x, level, { ...call, step, memory: memories[k]! }),
          x,
          veLevel(1),
        )
      ),
    );
    near(a!, c!);
    near(b!, c!);
  }
});

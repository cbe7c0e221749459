import assert from "node:assert/strict";
import fc from "fast-check";
import {
  customTimesteps,
  leadingTimesteps,
  linspaceTimesteps,
  quadraticTimesteps,
  sectionTimesteps,
  strideTimesteps,
  trailingTimesteps,
  truncatedTimesteps,
} from "@emoji/diffusion/steps";
import { linspace } from "@emoji/diffusion/schedules";
import golden from "../../testdata/goldens/steps.json" with { type: "json" };

const spacings = {
  leading: leadingTimesteps,
  trailing: trailingTimesteps,
  linspace: linspaceTimesteps,
};

Deno.test("leading, trailing and linspace timesteps equal diffusers' DDIMScheduler", () => {
  for (const [key, expected] of Object.entries(golden.spacing)) {
    const [spacing, n] = key.split(".") as [keyof typeof spacings, string];
    assert.deepEqual(spacings[spacing](1000, Number(n)), expected, key);
  }
});

Deno.test("trailingTimesteps() has n entries down to 0 or more for every n: no overshoot", () => {
  // Upstream bug: numpy.arange(T, 0, -T / n) has n + 1 entries, the last one -1, for these 62 values of n.
  assert.equal(golden.trailingOvershoot.length, 62);
  for (let n = 1; n <= 1000; n++) {
    const timesteps = trailingTimesteps(1000, n);
    assert.equal(timesteps.length, n);
    assert.equal(timesteps[0], 999);
    assert.ok(timesteps[n - 1]! >= 0);
  }
});

Deno.test("timesteps round half to even, unlike Math.round", () => {
  // Upstream trap: numpy and Python round half to even; Math.round differs for 166 n of linspace, and for 16, 32, 64,
  // 80 … of trailing at T = 1000.
  const all = Array.from({ length: 1000 }, (_, i) => i + 1);
  const halfUp = {
    linspace: (n: number) =>
      Array.from(linspace(0, 999, n), Math.round).reverse(),
    trailing(n: number) {
      const stride = 1000 - (1000 - 1000 / n);
      return Array.from(
        { length: n },
        (_, i) => Math.round(1000 - i * stride) - 1,
      );
    },
  };
  const differing = (spacing: "linspace" | "trailing") =>
    all.filter((n) =>
      spacings[spacing](1000, n).join() !== halfUp[spacing](n).join()
    );
  assert.equal(differing("linspace").length, 166);
  assert.deepEqual(differing("trailing"), [
    16,
    32,
    64,
    80,
    128,
    160,
    256,
    320,
    400,
    512,
    640,
    800,
  ]);
  assert.deepEqual(trailingTimesteps(1000, 16), golden.trailing16);
  assert.deepEqual(linspaceTimesteps(1000, 7), [
    999,
    832,
    666,
    500,
    333,
    166,
    0,
  ]);
  assert.deepEqual(sectionTimesteps(10, [3]), [9, 4, 0]);
});

Deno.test("leadingTimesteps() takes the offset of diffusers and refuses to leave the schedule", () => {
  assert.deepEqual(leadingTimesteps(1000, 5, { offset: 1 }), [
    801,
    601,
    401,
    201,
    1,
  ]);
  assert.throws(
    () => leadingTimesteps(1000, 1000, { offset: 1 }),
    /timestep 0 must be from 0 to 999: current value is 1000/,
  );
});

Deno.test("linspaceTimesteps() keeps fractions and leaves out the last one on demand", () => {
  assert.deepEqual(
    linspaceTimesteps(1000, 10, { dropLast: true }),
    golden.tables["DPMM.full_loop_no_noise"].timesteps,
  );
  const fractions = linspaceTimesteps(1100, 10, { whole: false });
  golden.tables["Euler.full_loop_no_noise"].timesteps.forEach((t, i) =>
    assert.ok(Math.abs(fractions[i]! - t) < 1e-4)
  );
});

Deno.test("quadraticTimesteps() equals ermongroup/ddim and refuses its duplicates", () => {
  for (const [n, expected] of Object.entries(golden.quadratic)) {
    assert.deepEqual(
      quadraticTimesteps(1000, Number(n)),
      expected.toReversed(),
    );
  }
  // Upstream bug: n = 50 starts 0, 0, 1.
  assert.throws(
    () => quadraticTimesteps(1000, 50),
    /timestep 49 must be below the one before, 0: current value is 0/,
  );
});

Deno.test("truncatedTimesteps() equals lucidrains", () => {
  for (const [n, expected] of Object.entries(golden.truncated)) {
    assert.deepEqual(truncatedTimesteps(1000, Number(n)), expected);
  }
});

Deno.test("sectionTimesteps() and strideTimesteps() equal space_timesteps of improved-diffusion", () => {
  for (const [key, expected] of Object.entries(golden.sections)) {
    const [length, spec] = key.split("|") as [string, string];
    const actual = () =>
      spec.startsWith("ddim")
        ? strideTimesteps(Number(length), Number(spec.slice(4)))
        : sectionTimesteps(Number(length), spec.split(",").map(Number));
    if (typeof expected === "string") {
      assert.throws(actual, RangeError, key);
    } else if (Array.isArray(expected)) {
      assert.deepEqual(actual().reverse(), expected, key);
    } else {
      const timesteps = actual().reverse();
      assert.equal(timesteps.length, expected.n);
      assert.deepEqual(
        timesteps.slice(0, expected.first.length),
        expected.first,
      );
      assert.deepEqual(timesteps.slice(-expected.last.length), expected.last);
      assert.equal(timesteps.reduce((a, b) => a + b), expected.sum);
    }
  }
});

Deno.test("strideTimesteps() names the number of steps it cannot reach", () => {
  // Upstream bug: the message prints T.
  assert.throws(() => strideTimesteps(1000, 300), /current value is 300/);
});

Deno.test("customTimesteps() keeps a good list and refuses a bad one", () => {
  assert.deepEqual(customTimesteps(1000, [100, 87, 50, 1, 0]), [
    100,
    87,
    50,
    1,
    0,
  ]);
  assert.throws(
    () => customTimesteps(1000, [100, 87, 50, 51, 0]),
    /timestep 3 must be below the one before, 50: current value is 51/,
  );
  assert.throws(
    () => customTimesteps(1000, [1000, 0]),
    /timestep 0 must be from 0 to 999/,
  );
  assert.throws(() => customTimesteps(1000, [NaN]), RangeError);
  assert.throws(() => customTimesteps(1000, []), RangeError);
});

Deno.test("timesteps refuse a number of steps that does not fit", () => {
  for (
    const spacing of [
      leadingTimesteps,
      trailingTimesteps,
      linspaceTimesteps,
      truncatedTimesteps,
      quadraticTimesteps,
    ]
  ) {
    for (const steps of [0, 1001, 2.5, NaN]) {
      assert.throws(() => spacing(1000, steps), RangeError);
    }
  }
});

Deno.test("every spacing gives n distinct decreasing indices of the schedule, or a RangeError", () => {
  const makers = [
    leadingTimesteps,
    trailingTimesteps,
    linspaceTimesteps,
    quadraticTimesteps,
    truncatedTimesteps,
    strideTimesteps,
  ];
  fc.assert(
    fc.property(
      fc.constantFrom(...makers),
      fc.integer({ min: 1, max: 2000 }),
      fc.integer({ min: 1, max: 300 }),
      (make, length, steps) => {
        let timesteps: number[];
        try {
          timesteps = make(length, steps);
        } catch (error) {
          assert.ok(error instanceof RangeError);
          return;
        }
        assert.equal(timesteps.length, steps);
        assert.deepEqual(customTimesteps(length, timesteps), timesteps);
        assert.ok(timesteps.every(Number.isInteger));
      },
    ),
    { seed: 3, numRuns: 300 },
  );
});

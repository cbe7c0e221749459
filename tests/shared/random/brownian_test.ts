import assert from "node:assert/strict";
import {
  brownianNoise,
  type NoiseSource,
  philoxNoise,
  restoreBrownian,
  torchBrownianNoise,
  torchNoise,
} from "@emoji/diffusion/random";
import { seedSequence } from "../../../shared/random/_seed_sequence.ts";
import golden from "../../testdata/goldens/torchsde.json" with { type: "json" };

const range = { min: 0.01, max: 80 };
const sources: Record<string, () => NoiseSource> = {
  brownianNoise: () => brownianNoise("path", range),
  torchBrownianNoise: () => torchBrownianNoise(5, range),
};

function step(
  source: NoiseSource,
  from: number,
  to: number,
  n = 100,
): Float64Array {
  const out = new Float64Array(n);
  source.normal(out, { from, to });
  return out;
}

Deno.test("seedSequence() equals numpy.random.SeedSequence", () => {
  // SeedSequence(0, pool_size=24).generate_state(3) and so on, numpy 2.4
  assert.deepEqual([...seedSequence(0n, [], 24, 3)], [
    4025752534,
    2687548107,
    2326983537,
  ]);
  assert.deepEqual([...seedSequence(42n, [5n, 3n], 24, 4)], [
    3084123560,
    468215949,
    242942938,
    2650128260,
  ]);
  assert.deepEqual([...seedSequence(2n ** 40n + 7n, [2n ** 33n, 3n], 4, 2)], [
    1317809207,
    3046138356,
  ]);
  assert.deepEqual([...seedSequence(12345678901234567890123n, [], 8, 2)], [
    2236763911,
    673834984,
  ]);
});

Deno.test("torchBrownianNoise() equals BrownianTreeNoiseSampler of k-diffusion and diffusers", () => {
  for (const [key, steps] of Object.entries(golden.paths)) {
    const [seed, n, min, max] = key.split(",").map(Number) as [
      number,
      number,
      number,
      number,
    ];
    const source = torchBrownianNoise(seed, { min, max });
    for (const { from, to, noise } of steps) {
      const actual = step(source, from, to, n);
      noise.forEach((value, i) =>
        assert.ok(
          Math.abs(actual[i]! - value) < 2e-6,
          `${key} ${from} ${to}: ${actual[i]}, ${value}`,
        )
      );
    }
  }
});

for (const [name, make] of Object.entries(sources)) {
  Deno.test(`${name}() follows one path whatever is asked, in whatever order`, () => {
    const source = make();
    const [a, b, whole] = [
      step(source, 40, 3),
      step(source, 3, 0.5),
      step(make(), 40, 0.5),
    ];
    step(source, 7, 6.5);
    const later = step(source, 40, 0.5);
    whole.forEach((value, i) => {
      assert.equal(later[i], value);
      const sum = a[i]! * Math.sqrt(37) + b[i]! * Math.sqrt(2.5);
      assert.ok(Math.abs(sum - value * Math.sqrt(39.5)) < 2e-5, `${sum}`);
    });
  });

  Deno.test(`${name}() turns its sign with the direction and is 0 where time stands still`, () => {
    const [down, up] = [step(make(), 2, 1), step(make(), 1, 2)];
    down.forEach((value, i) => assert.equal(up[i], -value));
    assert.ok(step(make(), 2, 2).every((value) => value === 0));
  });

  Deno.test(`${name}() is standard normal over every interval, and independent of the one before`, () => {
    const n = 20_000;
    const source = make();
    const steps = [[80, 20], [20, 19.9], [0.02, 0.01]].map(([from, to]) =>
      step(source, from!, to!, n)
    );
    for (const [k, x] of steps.entries()) {
      const mean = x.reduce((a, b) => a + b) / n;
      const variance = x.reduce((a, b) => a + b * b, 0) / n;
      const covariance = x.reduce((sum, value, i) =>
        sum + value * steps[(k + 1) % 3]![i]!, 0) / n;
      assert.ok(
        Math.abs(mean) < 0.03 && Math.abs(variance - 1) < 0.05 &&
          Math.abs(covariance) < 0.03,
        `${mean} ${variance} ${covariance}`,
      );
    }
  });

  Deno.test(`${name}() goes on from its state after a trip through JSON`, () => {
    const source = make();
    source.normal(new Float32Array(50));
    step(source, 10, 5);
    const copy = restoreBrownian(JSON.parse(JSON.stringify(source.state())));
    const [expected, actual] = [new Float32Array(30), new Float32Array(30)];
    source.normal(expected);
    copy.normal(actual);
    assert.deepEqual(actual, expected);
    assert.deepEqual(step(copy, 5, 2), step(source, 5, 2));
  });

  Deno.test(`${name}() refuses steps outside its range`, () => {
    assert.throws(
      () => step(make(), 100, 50),
      /Cannot follow a Brownian path as steps must be in \[0.01, 80\]/,
    );
    assert.throws(() => step(make(), 1, 0), RangeError);
    assert.throws(() => step(make(), NaN, 1), RangeError);
  });
}

Deno.test("brownianNoise() has unit variance over steps of a few millionths", () => {
  const n = 20_000;
  for (const [from, to] of [[1.0000004, 0.9999976], [1, 0.9999954]] as const) {
    const x = step(brownianNoise("path", range), from, to, n);
    const variance = x.reduce((sum, value) => sum + value ** 2, 0) / n;
    assert.ok(Math.abs(variance - 1) < 0.04, `${from} ${to}: ${variance}`);
  }
});

Deno.test("Brownian sources draw their start from the seed's plain stream", () => {
  const pairs = [[brownianNoise(3, range), philoxNoise(3)], [
    torchBrownianNoise(3, range),
    torchNoise(3),
  ]] as const;
  for (const [brownian, plain] of pairs) {
    const [actual, expected] = [new Float32Array(40), new Float32Array(40)];
    brownian.normal(actual);
    plain.normal(expected);
    assert.deepEqual(actual, expected);
  }
});

Deno.test("Brownian sources refuse an empty range and another source's state", () => {
  for (const max of [0, -1, NaN, Infinity, 1e-9]) {
    assert.throws(() => brownianNoise(1, { max }), /'min' must be below 'max'/);
  }
  assert.throws(
    () => restoreBrownian(philoxNoise(1).state()),
    /must be brownian or torch-brownian/,
  );
});

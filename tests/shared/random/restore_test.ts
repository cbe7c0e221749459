import assert from "node:assert/strict";
import {
  brownianNoise,
  mixedNoise,
  philoxNoise,
  restoreNoise,
  torchBrownianNoise,
  torchNoise,
} from "@emoji/diffusion/random";

Deno.test("restoreNoise() makes every source again", () => {
  for (
    const source of [
      philoxNoise(1),
      torchNoise(1),
      brownianNoise(1, { max: 2 }),
      torchBrownianNoise(1, { max: 2 }),
      mixedNoise(philoxNoise(1), torchNoise(2), 0.3),
    ]
  ) {
    source.normal(new Float32Array(21));
    const copy = restoreNoise(JSON.parse(JSON.stringify(source.state())));
    const [expected, actual] = [new Float32Array(9), new Float32Array(9)];
    source.normal(expected);
    copy.normal(actual);
    assert.deepEqual(actual, expected);
  }
});

Deno.test("restoreNoise() refuses a state of no source", () => {
  assert.throws(() => restoreNoise({ kind: "xorshift" }), TypeError);
});

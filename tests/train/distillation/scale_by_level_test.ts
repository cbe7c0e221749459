import assert from "node:assert/strict";
import { UsageError } from "../../../train/options.ts";
import {
  formatScale,
  parseScale,
  scaleAt,
} from "../../../train/distillation/scale_by_level.ts";

Deno.test("scaleAt() holds from each sigma on up to the one before", () => {
  const scale = parseScale("autoguidance", "1:4, 0.3:2.5, 0:1.5");
  for (
    const [sigma, wanted] of [
      [80, 4],
      [1, 4],
      [0.99, 2.5],
      [0.3, 2.5],
      [0.1, 1.5],
      [0, 1.5],
    ] as const
  ) assert.equal(scaleAt(scale, sigma), wanted, `sigma ${sigma}`);
  assert.equal(scaleAt(parseScale("autoguidance", "2.5"), 7), 2.5);
});

Deno.test("formatScale() writes what parseScale() reads", () => {
  for (const text of ["1", "2.5", "0:3", "1:4,0.3:2.5,0:1.5"]) {
    assert.equal(formatScale(parseScale("autoguidance", text)), text);
  }
});

Deno.test("parseScale() refuses what is no scale and names the option", () => {
  const wrong = ["", "0.9", "101", "NaN", "four", "1:4", "1:4,0:0.5"];
  const orders = ["0:1.5,1:4", "1:4,1:3,0:2", "1:4,,0:2", "1:4:2,0:2", ":4"];
  for (const text of [...wrong, ...orders]) {
    assert.throws(
      () => parseScale("autoguidance", text),
      (error) =>
        error instanceof UsageError &&
        error.message.includes("--autoguidance") &&
        error.message.endsWith(`current value is ${text}`),
      text,
    );
  }
});

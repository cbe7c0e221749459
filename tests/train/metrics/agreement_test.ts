import assert from "node:assert/strict";
import { agreement } from "../../../train/metrics/agreement.ts";

const labels = {
  groups: ["a", "b", "c", "d", "e", "f"],
  subgroups: ["x", "y"],
  styles: ["flat", "round"],
};

/** Logits with the given likeliest group first to last, subgroup and style. */
function logitsOf(groups: string, subgroup: string, style: string): number[] {
  return [
    ...labels.groups.map((group) => -groups.indexOf(group)),
    ...labels.subgroups.map((value) => Number(value === subgroup)),
    ...labels.styles.map((value) => Number(value === style)),
  ];
}

Deno.test("agreement() counts the likeliest and the five likeliest of each kind of label", () => {
  const logits = Float32Array.from([
    ...logitsOf("abcdef", "x", "flat"),
    ...logitsOf("bcdeaf", "x", "flat"),
    ...logitsOf("bcdefa", "y", "flat"),
    ...logitsOf("fedcba", "y", "round"),
  ]);
  const entry = { group: "a", subgroup: "x", style: "round" };
  assert.deepEqual(agreement(logits, [entry, entry, entry, entry], labels), {
    group: 1 / 4,
    groupTop5: 2 / 4,
    subgroup: 2 / 4,
    subgroupTop5: 1,
    style: 1 / 4,
  });
});

Deno.test("agreement() leaves out pictures whose label is unknown and takes ties and NaN for wrong", () => {
  const width = 10;
  const logits = new Float32Array(3 * width);
  logits.set(logitsOf("abcdef", "x", "flat"), 0);
  logits.fill(NaN, 2 * width);
  const entries = [{ group: "a" }, { group: "a" }, { group: "a" }];
  const { group, style } = agreement(logits, entries, labels);
  assert.equal(group, 1 / 3);
  assert.ok(Number.isNaN(style));
});

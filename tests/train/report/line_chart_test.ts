import assert from "node:assert/strict";
import { lineChart, thin } from "../../../train/report/line_chart.ts";

Deno.test("thin() averages neighbours and leaves out what is not finite", () => {
  const points = Array.from({ length: 1000 }, (_, i) => [i, 2 * i] as const);
  const thinned = thin([...points, [1000, NaN]], 100);
  assert.equal(thinned.length, 100);
  assert.deepEqual(thinned[0], [4.5, 9]);
  assert.deepEqual(thinned.at(-1), [994.5, 1989]);
  assert.deepEqual(thin([[1, 2], [3, Infinity]]), [[1, 2]]);
});

Deno.test("lineChart() draws a path through its points", () => {
  const chart = lineChart({
    title: "Loss",
    series: [{ name: "a", colour: 1, points: [[0, 0], [10, 5], [20, 10]] }],
  });
  const path = /<path class="c1" d="M([^"]+)"/.exec(chart)![1]!;
  const points = path.split("L").map((point) => point.split(" ").map(Number));
  assert.equal(points.length, 3);
  const [a, b, c] = points as [number, number][];
  assert(Math.abs(a![0]! + c![0]! - 2 * b![0]!) < 0.2);
  assert(a![1]! > b![1]! && b![1]! > c![1]!, "greater values lie higher");
  assert(!chart.includes("NaN"));
});

Deno.test("lineChart() draws a lone point as a dot and no points as words", () => {
  const dot = { name: "a", colour: 1, points: [[1, 2]] as const };
  assert.match(lineChart({ title: "x", series: [dot] }), /<circle/);
  assert.match(lineChart({ title: "x", series: [] }), /nothing yet/);
});

Deno.test("lineChart() escapes names", () => {
  const line = { name: '"<b>', colour: 1, points: [[1, 2], [2, 3]] as const };
  const chart = lineChart({ title: "<i>", series: [line, line] });
  assert(!/<b>|<i>/.test(chart));
  const json = /data-series="([^"]*)"/.exec(chart)![1]!;
  assert(json.includes("&quot;"));
});

Deno.test("lineChart() does not let a lone spike flatten the rest", () => {
  const points = Array.from(
    { length: 9 },
    (_, i) => [i, i === 4 ? 1000 : 1 + i / 10] as const,
  );
  const chart = lineChart({
    title: "Loss",
    series: [{ name: "a", colour: 1, points }],
  });
  const ticks = [...chart.matchAll(/class="y">([^<]+)</g)].map(([, text]) =>
    Number(text)
  );
  assert(Math.max(...ticks) <= 2, `${ticks}`);
  const path = /<path class="c1" d="M([^"]+)"/.exec(chart)![1]!;
  const heights = path.split("L").map((point) => Number(point.split(" ")[1]));
  assert(heights.every((y) => y >= 10 && y <= 222), `${heights}`);
  assert(chart.includes("1000"), "the value can be read");
});

Deno.test("lineChart() leaves out what a logarithmic axis cannot show", () => {
  const points = [[0, -1], [1, 1], [2, 0], [3, 100]] as const;
  const line = { name: "a", colour: 1, points };
  const pointsOf = (log: boolean) => {
    const chart = lineChart({ title: "Loss", log, series: [line] });
    return /<path class="c1" d="M([^"]+)"/.exec(chart)![1]!.split("L").length;
  };
  assert.deepEqual([pointsOf(false), pointsOf(true)], [4, 2]);
  const none = { ...line, points: [[0, 0]] as const };
  const chart = lineChart({ title: "Loss", log: true, series: [none] });
  assert.match(chart, /nothing yet/);
});

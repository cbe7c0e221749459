import assert from "node:assert/strict";
import { deflateSync, inflateSync } from "node:zlib";
import { zlibCompress } from "../../../shared/png/deflate.ts";

/** `size` bytes of `values` different values, in runs. */
function bytes(size: number, values: number, run: number): Uint8Array {
  let random = size + values;
  const out = new Uint8Array(size);
  for (let i = 0; i < size; i++) {
    if (i % run === 0) random = (Math.imul(random, 1664525) + 1013904223) >>> 0;
    out[i] = (random >>> 12) % values;
  }
  return out;
}

Deno.test("zlibCompress() writes streams that inflate to what went in", () => {
  for (const size of [0, 1, 2, 3, 4, 258, 259, 1000, 32768, 70000]) {
    for (const values of [1, 2, 30, 256]) {
      for (const run of [1, 5]) {
        const input = bytes(size, values, run);
        assert.deepEqual(
          new Uint8Array(inflateSync(zlibCompress(input))),
          input,
          `${size} ${values} ${run}`,
        );
      }
    }
  }
});

Deno.test("zlibCompress() copes with codes longer than deflate's 15 bits", () => {
  // Fibonacci counts give the longest Huffman words there are.
  const counts = [1, 1];
  while (counts.length < 24) counts.push(counts.at(-1)! + counts.at(-2)!);
  const sorted = counts.flatMap((count, value) =>
    new Array<number>(Math.min(count, 9000)).fill(value)
  );
  // 7919 is prime, so that every element is taken once.
  const input = Uint8Array.from(
    sorted,
    (_, i) => sorted[i * 7919 % sorted.length]!,
  );
  assert.deepEqual(new Uint8Array(inflateSync(zlibCompress(input))), input);
});

Deno.test("zlibCompress() is within 15 % of zlib's level 6", () => {
  for (const [values, run] of [[2, 1], [30, 1], [30, 7], [256, 12]] as const) {
    const input = bytes(20000, values, run);
    const ratio = zlibCompress(input).length /
      deflateSync(input, { level: 6 }).length;
    assert.ok(ratio < 1.15, `${values} values in runs of ${run}: ${ratio}`);
  }
});

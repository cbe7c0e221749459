import assert from "node:assert/strict";
import { parseLog, readLog } from "../../train/run_log.ts";

const entry = (step: number, loss: number) => ({
  step,
  images: 8 * step,
  seconds: step,
  loss,
});
const lines = (...entries: object[]) =>
  entries.map((line) => JSON.stringify(line) + "\n").join("");

Deno.test("parseLog() leaves out a line under way and lines that are none", () => {
  const text = lines(entry(1, 3), entry(2, 2)) + '\nnull\n{"step":3,"ima';
  assert.deepEqual(parseLog(text), [entry(1, 3), entry(2, 2)]);
});

Deno.test("parseLog() forgets the steps that a resumed run took again", () => {
  const text = lines(entry(1, 5), entry(4, 4), entry(6, 3), entry(3, 2));
  assert.deepEqual(parseLog(text), [entry(1, 5), entry(3, 2)]);
});

Deno.test("readLog() finds no lines where there is no file", async () => {
  assert.deepEqual(await readLog("none/log.jsonl"), []);
});

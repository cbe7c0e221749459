import assert from "node:assert/strict";
import { parseLog, readRunRecord } from "../../../train/report/run_record.ts";

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

Deno.test("readRunRecord() reads a run without a log or sheets, and sorts sheets", async () => {
  const dir = await Deno.makeTempDir();
  await assert.rejects(() => readRunRecord(dir), /config\.json/);
  await Deno.writeTextFile(`${dir}/config.json`, '{"images":10}');
  const empty = await readRunRecord(dir);
  assert.deepEqual(
    [empty.entries, empty.sheets, empty.updated],
    [[], [], 0],
  );
  await Deno.mkdir(`${dir}/sheets`);
  for (const name of ["00000020.png", "00000003.png", "notes.txt"]) {
    await Deno.writeTextFile(`${dir}/sheets/${name}`, "");
  }
  await Deno.writeTextFile(`${dir}/log.jsonl`, lines(entry(1, 1)));
  const record = await readRunRecord(dir);
  assert.deepEqual(record.sheets.map(({ step }) => step), [3, 20]);
  assert(Math.abs(record.updated - Date.now()) < 60_000);
  await Deno.remove(dir, { recursive: true });
});

import assert from "node:assert/strict";
import { readRunRecord } from "../../../train/report/run_record.ts";

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
  await Deno.writeTextFile(
    `${dir}/log.jsonl`,
    '{"step":1,"images":8,"seconds":1}\n',
  );
  const record = await readRunRecord(dir);
  assert.deepEqual(record.sheets.map(({ step }) => step), [3, 20]);
  assert(Math.abs(record.updated - Date.now()) < 60_000);
  await Deno.remove(dir, { recursive: true });
});

import assert from "node:assert/strict";
import { remember } from "../../train/remember.ts";

Deno.test("remember() asks the network once for each picture, level and condition", async () => {
  let asked = 0;
  const network = remember((x, level, condition) => {
    asked++;
    return x.map((v) => v + level + (condition[0] ?? 0));
  });
  const call = { images: 1, step: 0 };
  const ask = (x: number, level: number, condition: number) =>
    network(Float32Array.of(x), level, Float32Array.of(condition), call);
  const first = await ask(1, 2, 3);
  first[0] = 100; // the caller's own copy
  assert.deepEqual([...await ask(1, 2, 3)], [6]);
  assert.equal(asked, 1);
  assert.deepEqual([...await ask(1, 2.5, 3)], [6.5]);
  assert.deepEqual([...await ask(1, 2, 4)], [7]);
  assert.deepEqual([...await ask(0, 2, 3)], [5]);
  assert.equal(asked, 4);
});

import assert from "node:assert/strict";
import { slicedBody, slicesOf } from "../../../edge/site/slices.ts";

const SLICE = 64 * 2 ** 10;

Deno.test("slicedBody() is all of the bytes, in slices of 64 KiB", async () => {
  for (const size of [0, 1, SLICE - 1, SLICE, SLICE + 1, 3 * SLICE]) {
    const bytes = Uint8Array.from({ length: size }, (_, i) => i % 251);
    const read: Uint8Array[] = [];
    for await (const slice of await slicedBody(slicesOf(bytes))) {
      read.push(slice);
    }
    assert.ok(read.every(({ length }) => length <= SLICE), `${size}`);
    const joined = new Uint8Array(await new Blob(read as BlobPart[]).bytes());
    assert.ok(joined.every((value, i) => value === bytes[i]), `${size}`);
    assert.equal(joined.length, size);
  }
});

Deno.test("slicedBody() reads a slice when it is asked for it", async () => {
  const asked: number[] = [];
  const body = await slicedBody({
    size: 10 * SLICE,
    read(start, end) {
      asked.push(start / SLICE);
      return Promise.resolve(new Uint8Array(end - start));
    },
  });
  const reader = body.getReader();
  assert.deepEqual(asked, [0]);
  for (let k = 0; k < 3; k++) await reader.read();
  assert.deepEqual(asked, [0, 1, 2]);
  await reader.cancel();
  assert.deepEqual(asked, [0, 1, 2]);
});

Deno.test("slicedBody() breaks off where a later slice cannot be read", async () => {
  const lost = new Error("no file");
  const body = await slicedBody({
    size: 3 * SLICE,
    read: (start, end) =>
      start < SLICE
        ? Promise.resolve(new Uint8Array(end - start))
        : Promise.reject(lost),
  });
  await assert.rejects(new Response(body).bytes(), lost);
});

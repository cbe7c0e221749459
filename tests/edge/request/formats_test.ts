import assert from "node:assert/strict";
import { decodePng } from "../decode_png.ts";
import { fakeApp, get, json } from "../fixtures.ts";

const MAGIC: Record<string, [type: string, start: RegExp]> = {
  png: ["image/png", /^\x89PNG/],
  webp: ["image/webp", /^RIFF....WEBPVP8X/s],
  gif: ["image/gif", /^GIF89a/],
  apng: ["image/apng", /^\x89PNG.*acTL/s],
  svg: ["image/svg+xml", /^<svg xmlns/],
  json: ["application/json", /^\{"image":"data:image\/png;base64,/],
};

/** Bytes as characters of the same numbers. */
const binary = (bytes: Uint8Array) => String.fromCharCode(...bytes);

Deno.test("GET /emoji answers in every format, by extension, parameter and short path", async () => {
  const { app } = fakeApp();
  for (const [format, [type, start]] of Object.entries(MAGIC)) {
    const bodies = new Set<string>();
    for (
      const path of [
        `/emoji.${format}?seed=3`,
        `/emoji?seed=3&format=${format}`,
        `/s/3.${format}`,
      ]
    ) {
      const response = await get(app, path);
      assert.equal(response.status, 200, path);
      assert.equal(response.headers.get("content-type"), type);
      const body = binary(await response.bytes());
      assert.match(body, start, path);
      bodies.add(body);
    }
    assert.equal(bodies.size, 1, format);
  }
});

Deno.test("GET /emoji scales, tiles and puts a colour behind", async () => {
  const { app } = fakeApp();
  const size = async (query: string) => {
    const { width, height } = decodePng(
      await (await get(app, `/emoji?seed=3&${query}`)).bytes(),
    );
    return [width, height];
  };
  assert.deepEqual(await size("size=100"), [100, 100]);
  assert.deepEqual(await size("n=4"), [64, 64]);
  assert.deepEqual(await size("n=5&size=16&resample=pixel"), [48, 32]);
  const { rgba } = decodePng(
    await (await get(app, "/emoji?seed=3&background=f00")).bytes(),
  );
  assert.ok(rgba.every((value, i) => i % 4 !== 3 || value === 255));
});

Deno.test("GET /emoji?n= draws what each seed draws alone", async () => {
  const { app } = fakeApp();
  for (const [first, second] of [["7", "8"], ["cat", "cat-2"]]) {
    const response = await get(app, `/emoji?seed=${first}&n=2`);
    assert.equal(response.headers.get("x-seed"), first);
    const sheet = decodePng(await response.bytes());
    for (const [k, seed] of [first, second].entries()) {
      const alone = decodePng(
        await (await get(app, `/emoji?seed=${seed}`)).bytes(),
      );
      for (let y = 0; y < 32; y++) {
        const row = sheet.rgba.subarray(
          4 * (64 * y + 32 * k),
          4 * (64 * y + 32 * k + 32),
        );
        assert.deepEqual(row, alone.rgba.subarray(128 * y, 128 * y + 128));
      }
    }
  }
});

Deno.test("GET /emoji?to= moves from one seed to the other", async () => {
  const { app } = fakeApp();
  const pixels = async (query: string) =>
    decodePng(await (await get(app, `/emoji?${query}`)).bytes()).rgba;
  const [from, to] = [await pixels("seed=1"), await pixels("seed=2")];
  assert.deepEqual(await pixels("seed=1&to=2&t=0"), from);
  assert.deepEqual(await pixels("seed=1&to=2&t=1"), to);
  const distance = (a: Uint8Array, b: Uint8Array) =>
    a.reduce((sum, value, i) => sum + Math.abs(value - b[i]!), 0);
  const near = await pixels("seed=1&to=2&t=0.2");
  assert.ok(distance(near, from) < distance(near, to));
  assert.deepEqual(
    await pixels("seed=1&to=2"),
    await pixels("seed=1&to=2&t=0.5"),
  );
  const wrong = await json(await get(app, "/emoji.gif?seed=1&to=2&t=0.5"));
  assert.equal(wrong.status, 422);
});

Deno.test("GET /emoji.apng shows the way of a picture, or from one to another", async () => {
  const { app } = fakeApp();
  const frames = async (query: string) => {
    const text = new TextDecoder("latin1").decode(
      await (await get(app, `/emoji.apng?${query}`)).bytes(),
    );
    return text.split("fcTL").length - 1;
  };
  assert.equal(await frames("seed=1&steps=6"), 6);
  assert.ok(await frames("seed=1&steps=60") <= 24);
  assert.equal(await frames("seed=1&to=2"), 12);
});

Deno.test("GET /emoji writes into the file how to draw it again", async () => {
  const { app } = fakeApp();
  const body =
    await (await get(app, "/emoji?seed=3&prompt=cat&style=noto&size=48"))
      .bytes();
  const { Source, Copyright, Model } = decodePng(body).text;
  assert.match(Model!, /^tiny [0-9a-f]{12}$/);
  assert.equal(Copyright, "CC0-1.0");
  assert.deepEqual(await (await get(app, Source!)).bytes(), body);
});

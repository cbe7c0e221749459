import assert from "node:assert/strict";
import { encodePng } from "@emoji/diffusion/png";
import { encodeWebp } from "@emoji/diffusion/webp";
import { decodePicture } from "../../../edge/edits/codec_files.ts";
import { pictureDecoder } from "../../../edge/edits/decode.ts";
import { sniffPicture } from "../../../edge/edits/sniff.ts";
import encodeJpeg from "npm:@jsquash/jpeg@1.6.0/encode.js";
import { decodePng } from "../decode_png.ts";
import {
  pngWithExif,
  tiffBlock,
  webpWithExif,
} from "../../shared/exif_files.ts";
import { fakeApp, get, json } from "../fixtures.ts";

/** A picture that is red on the left and blue on the right. */
function halves(width: number, height: number) {
  const rgba = new Uint8Array(4 * width * height);
  for (let i = 0; i < width * height; i++) {
    rgba.set(
      i % width < width / 2 ? [220, 20, 20, 255] : [20, 20, 220, 255],
      4 * i,
    );
  }
  return { width, height, rgba };
}

function form(
  fields: Record<string, string | Uint8Array<ArrayBuffer>>,
): RequestInit {
  const body = new FormData();
  for (const [name, value] of Object.entries(fields)) {
    body.set(
      name,
      typeof value === "string" ? value : new Blob([value]),
      ...(typeof value === "string" ? [] : ["x.png"]) as [],
    );
  }
  return { method: "POST", body };
}

const post = (fields: Record<string, string | Uint8Array<ArrayBuffer>>) =>
  get(fakeApp({ decode: decodePicture }).app, "/emoji/edits", form(fields));

/** Mean difference between two pictures' bytes. */
const distance = (a: Uint8Array, b: Uint8Array) =>
  a.reduce((sum, value, i) => sum + Math.abs(value - b[i]!), 0) / a.length;

Deno.test("POST /emoji/edits stays the nearer to the picture the less strength it has", async () => {
  const picture = halves(32, 32);
  const image = encodePng(picture);
  const distances: number[] = [];
  for (const strength of ["0.1", "0.6", "1"]) {
    const response = await post({ image, strength, seed: "1", steps: "20" });
    assert.equal(response.status, 200, await response.clone().text());
    assert.equal(response.headers.get("cache-control"), "no-store");
    assert.equal(response.headers.get("x-seed"), "1");
    distances.push(
      distance(decodePng(await response.bytes()).rgba, picture.rgba),
    );
  }
  assert.ok(
    distances[0]! < distances[1]! && distances[1]! < distances[2]!,
    distances.join(),
  );
});

Deno.test("POST /emoji/edits makes one step at least, whatever the number of steps", async () => {
  const image = encodePng(halves(32, 32));
  for (let steps = 1; steps <= 100; steps++) {
    const { app, engine, renderer } = fakeApp({ decode: decodePicture });
    await renderer.ready;
    const before = engine.calls;
    const response = await get(
      app,
      "/emoji/edits",
      form({ image, strength: "0.001", seed: "1", steps: String(steps) }),
    );
    assert.equal(response.status, 200, `${steps} steps`);
    await response.body?.cancel();
    assert.equal(engine.calls - before, 1, `${steps} steps`);
  }
});

Deno.test("POST /emoji/edits is the same for the same seed", async () => {
  const image = encodePng(halves(32, 32));
  const draw = async (seed: string) =>
    (await post({ image, seed, sampler: "ddpm" })).bytes();
  assert.deepEqual(await draw("1"), await draw("1"));
  assert.notDeepEqual(await draw("1"), await draw("2"));
});

Deno.test("POST /emoji/edits keeps what the mask keeps", async () => {
  const picture = halves(32, 32);
  const mask = {
    ...picture,
    rgba: picture.rgba.map((_, i) =>
      i % 4 === 3 || (i >> 2) % 32 >= 16 ? 255 : 0
    ),
  };
  const response = await post({
    image: encodePng(picture),
    mask: encodePng(mask),
    seed: "1",
  });
  assert.equal(response.status, 200);
  const { rgba } = decodePng(await response.bytes());
  let changed = 0;
  for (let i = 0; i < 32 * 32; i++) {
    const pixel = rgba.subarray(4 * i, 4 * i + 4);
    const original = picture.rgba.subarray(4 * i, 4 * i + 4);
    if (i % 32 < 14) assert.ok(distance(pixel, original) < 2, `pixel ${i}`);
    else if (i % 32 > 17 && distance(pixel, original) > 20) changed++;
  }
  assert.ok(changed > 200, `${changed}`);
});

Deno.test("POST /emoji/edits lays a mask where it lays a picture of the same size", async () => {
  const size = 32;
  for (const [width, height] of [[64, 32], [32, 64]] as const) {
    const picture = halves(width, height);
    const rgba = picture.rgba.map((_, i) =>
      i % 4 === 3 || (i >> 2) % width >= width / 2 ? 255 : 0
    );
    const draw = async (mask: Record<string, Uint8Array<ArrayBuffer>>) => {
      const image = encodePng(picture);
      const response = await post({ image, ...mask, seed: "1", strength: "1" });
      assert.equal(response.status, 200);
      return decodePng(await response.bytes()).rgba;
    };
    const drawn = await draw({ mask: encodePng({ ...picture, rgba }) });
    const kept = await draw({
      mask: encodePng({
        ...picture,
        rgba: rgba.map((_, i) => i % 4 === 3 ? 255 : 0),
      }),
    });
    const whole = await draw({});
    /** Columns or rows of the right half of the picture, which is a quarter of the square. */
    const [left, right, top, bottom] = width > height
      ? [16, 32, 8, 24]
      : [16, 24, 0, 32];
    for (let i = 0; i < size * size; i++) {
      const [x, y] = [i % size, Math.floor(i / size)];
      const pixel = (of: Uint8Array) => of.subarray(4 * i, 4 * i + 4);
      const away = Math.max(left - x, x - right + 1, top - y, y - bottom + 1);
      const name = `${width}x${height} ${x} ${y}`;
      if (away > 1) assert.deepEqual(pixel(drawn), pixel(kept), name);
      if (away < -1) assert.deepEqual(pixel(drawn), pixel(whole), name);
    }
  }
});

Deno.test("POST /emoji/edits reads PNG, WebP and JPEG of any size", async () => {
  const picture = halves(90, 50);
  const { rgba, ...size } = picture;
  const jpeg = await encodeJpeg(
    new ImageData(new Uint8ClampedArray(rgba), size.width, size.height),
  );
  const files = {
    png: encodePng(picture),
    webp: encodeWebp(picture),
    "webp with Exif": encodeWebp({ ...picture, exif: { copyright: "x" } }),
    jpeg: new Uint8Array(jpeg),
  };
  for (const [name, image] of Object.entries(files)) {
    assert.partialDeepStrictEqual(sniffPicture(image), size, name);
    const response = await post({
      image,
      strength: "0.3",
      seed: "1",
      size: "64",
    });
    assert.equal(response.status, 200, name);
    const drawn = decodePng(await response.bytes());
    assert.equal(drawn.width, 64);
  }
});

Deno.test("POST /emoji/edits refuses what it cannot use, each in its own way", async () => {
  const image = encodePng(halves(32, 32));
  const huge = image.slice();
  new DataView(huge.buffer).setUint32(16, 200_000);
  const long = image.slice(); // few pixels, but the square around them would take gigabytes
  new DataView(long.buffer).setUint32(16, 20_000);
  const cases: [
    name: string,
    status: number,
    fields: Record<string, string | Uint8Array<ArrayBuffer>>,
  ][] = [
    ["no image", 400, { seed: "1" }],
    ["another file", 400, { image, other: image }],
    ["strength 0", 400, { image, strength: "0" }],
    ["strength 2", 400, { image, strength: "2" }],
    ["n", 400, { image, n: "2" }],
    ["steps 0", 400, { image, steps: "0" }],
    ["an unknown field", 400, { image, colour: "red" }],
    ["a GIF", 415, { image: new TextEncoder().encode("GIF89a…") }],
    ["nothing", 415, { image: new Uint8Array() }],
    ["a cut file", 422, { image: image.slice(0, 60) }],
    ["too many pixels", 413, { image: huge }],
    ["too long a side", 413, { image: long }],
    ["too many bytes", 413, { image: new Uint8Array(5_000_000) }],
  ];
  for (const [name, status, fields] of cases) {
    const response = await post(fields);
    assert.equal(response.status, status, name);
    assert.equal((await json(response)).status, status, name);
  }
  const { app } = fakeApp({ decode: decodePicture });
  const send = async (init: RequestInit) =>
    (await get(app, "/emoji/edits", { method: "POST", ...init })).status;
  assert.equal(
    await send({ body: "{}", headers: { "content-type": "application/json" } }),
    415,
  );
  assert.equal(
    await send({
      body: "x",
      headers: { "content-type": "multipart/form-data; boundary=x" },
    }),
    422,
  );
  assert.equal(
    await send({
      body: "x",
      headers: { "content-type": "multipart/form-data" },
    }),
    415,
  );
  assert.equal((await get(app, "/emoji/edits")).status, 405);
  assert.equal(
    (await get(fakeApp().app, "/emoji/edits", form({ image }))).status,
    404,
  );
});

Deno.test("POST /emoji/edits refuses a JPEG of very many scans before it is decoded", async () => {
  const { rgba, ...size } = halves(16, 16);
  const data = new Uint8ClampedArray(rgba);
  const jpeg = new Uint8Array(
    await encodeJpeg(new ImageData(data, size.width, size.height), {
      progressive: false,
    }),
  );
  const at = jpeg.findIndex((_, k) => jpeg[k] === 0xFF && jpeg[k + 1] === 0xDA);
  const scan = [...jpeg.subarray(at, -2)];
  const file = (scans: number) =>
    Uint8Array.from([
      ...jpeg.subarray(0, at),
      ...Array<number[]>(scans).fill(scan).flat(),
      ...jpeg.subarray(-2),
    ]);
  const decoded: string[] = [];
  const { app } = fakeApp({
    decode: (_bytes, type, fit) => {
      decoded.push(type);
      return decodePicture(jpeg.slice(), type, fit);
    },
  });
  const send = (fields: Record<string, Uint8Array<ArrayBuffer>>) =>
    get(app, "/emoji/edits", form(fields));
  for (const name of ["image", "mask"]) {
    const fields = { image: jpeg, [name]: file(300) };
    const response = await send(fields);
    assert.equal(response.status, 413, name);
    assert.equal(
      (await json(response)).detail,
      `Cannot read ${name} as it must have at most 100 scans: current value is 300`,
    );
  }
  assert.deepEqual(decoded, []);
  const answer = await send({ image: file(100) });
  await answer.body?.cancel();
  assert.equal(answer.status, 200);
  assert.deepEqual(decoded, ["jpeg"]);
});

Deno.test("POST /emoji/edits limits the pixels of a picture that lies on its side", async () => {
  const { app } = fakeApp({
    decode: decodePicture,
    limits: { uploadPixels: 64 * 64 },
  });
  const cases: [width: number, height: number, status: number][] = [
    [64, 8, 200],
    [65, 8, 413],
    [8, 65, 413],
  ];
  for (const write of [pngWithExif, webpWithExif]) {
    for (const [width, height, status] of cases) {
      const image = write(halves(width, height), tiffBlock(6, true));
      const response = await get(app, "/emoji/edits", form({ image }));
      assert.equal(response.status, status, `${width} x ${height}`);
      await response.body?.cancel();
    }
  }
});

Deno.test("POST /emoji/edits reports a codec that cannot be loaded, and nothing of a broken file", async () => {
  const image = encodePng(halves(32, 32));
  const lost = new Error("no codec");
  const errors: unknown[] = [];
  const onError = (error: unknown) => errors.push(error);
  const ask = async (
    decode: typeof decodePicture,
    image: Uint8Array<ArrayBuffer>,
  ) => {
    const { app } = fakeApp({ decode, onError });
    return (await get(app, "/emoji/edits", form({ image }))).status;
  };
  assert.equal(await ask(decodePicture, image.slice(0, 60)), 422);
  assert.deepEqual(errors, []);
  const broken = pictureDecoder(() => Promise.reject(lost));
  assert.equal(await ask(broken, image), 500);
  assert.deepEqual(errors, [lost]);
});

Deno.test("POST /emoji/edits names few of many wrong files and fields", async () => {
  const { app } = fakeApp({ decode: decodePicture });
  for (const value of ["text", new Blob(["file"])]) {
    const body = new FormData();
    body.set("image", new Blob([encodePng(halves(32, 32))]));
    for (let k = 0; k < 1000; k++) body.append(`x${k >> 1}`, value);
    const response = await get(app, "/emoji/edits", { method: "POST", body });
    assert.equal(response.status, 400);
    const names = ((await json(response)).errors as { parameter: string }[])
      .map(({ parameter }) => parameter);
    assert.deepEqual(names, Array.from({ length: 20 }, (_, k) => `x${k}`));
  }
});

Deno.test("sniffPicture() survives any header", () => {
  const files = [
    encodePng(halves(3, 2)),
    encodeWebp(halves(3, 2)),
    Uint8Array.of(0xFF, 0xD8, 0xFF, 0xE0, 0, 0, 0xFF),
  ];
  for (const file of files) {
    for (let length = 0; length < Math.min(40, file.length); length++) {
      sniffPicture(file.subarray(0, length));
    }
  }
  assert.equal(sniffPicture(new Uint8Array(100)), undefined);
});

Deno.test("sniffPicture() is not led past a JPEG's frame by markers without a length", () => {
  /** A segment with its marker and length. */
  const segment = (marker: number, ...content: number[]) => [
    0xFF,
    marker,
    content.length + 2 >> 8,
    content.length + 2 & 255,
    ...content,
  ];
  const frame = (width: number, height: number) =>
    segment(0xC0, 8, height >> 8, height & 255, width >> 8, width & 255, 0);
  const honest = [0xFF, 0xD8, ...segment(0xFE, 1, 2, 3), ...frame(300, 200)];
  assert.deepEqual(sniffPicture(Uint8Array.from(honest)), {
    type: "jpeg",
    width: 300,
    height: 200,
  });
  for (const marker of [0x00, 0x01, ...Array(10).keys().map((k) => 0xD0 + k)]) {
    // Decoders read nothing after the marker, then a segment of type APP0, then the large frame. Taken for a length, APP0's
    // own marker would lead into that segment, where another frame is.
    const app0 = segment(0xE0, ...Array(0xFFE0 - 4).fill(0), ...frame(8, 8));
    const crafted = [0xFF, 0xD8, 0xFF, marker, ...app0];
    const file = Uint8Array.from([...crafted, ...frame(60_000, 60_000)]);
    assert.equal(sniffPicture(file), undefined, `marker ${marker}`);
  }
});

/** A form whose body never ends. */
function endless(): RequestInit {
  return {
    method: "POST",
    headers: { "content-type": "multipart/form-data; boundary=x" },
    body: new ReadableStream({
      start: (controller) => controller.enqueue(new Uint8Array(10)),
    }),
  };
}

Deno.test("POST /emoji/edits gives up a body that trickles, and reads only so many at a time", async () => {
  const limits = { uploadMs: 50, uploads: 2 };
  const { app } = fakeApp({ decode: decodePicture, limits });
  const answers = await Promise.all(
    [1, 2, 3].map(() => get(app, "/emoji/edits", endless())),
  );
  assert.deepEqual(answers.map(({ status }) => status), [408, 408, 503]);
  assert.equal(answers[2]!.headers.get("retry-after"), "1");
  const image = encodePng(halves(32, 32));
  const next = await get(app, "/emoji/edits", form({ image }));
  assert.equal(next.status, 200);
});

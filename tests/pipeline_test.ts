import assert from "node:assert/strict";
import { Buffer } from "node:buffer";
import { inflateSync } from "node:zlib";

/** Runs one of the project's programs as a user would. */
async function run(program: string, ...args: string[]): Promise<string> {
  const { code, stdout, stderr } = await new Deno.Command(Deno.execPath(), {
    args: [
      "run",
      "-A",
      new URL(`../${program}`, import.meta.url).href,
      ...args,
    ],
  }).output();
  const text = (bytes: Uint8Array) => new TextDecoder().decode(bytes);
  assert.equal(code, 0, `${program} failed: ${text(stderr)}`);
  return text(stdout) + text(stderr);
}

/** Starts the API on a free port and returns its address. */
async function serve(models: string) {
  const server = new Deno.Command(Deno.execPath(), {
    args: [
      "run",
      "-A",
      new URL("../edge/hosts/deno.ts", import.meta.url).href,
    ],
    env: { PORT: "0", MODELS_DIR: models },
    stdout: "piped",
    stderr: "null",
  }).spawn();
  let said = "";
  for await (
    const chunk of server.stdout.pipeThrough(new TextDecoderStream())
  ) {
    said += chunk;
    const [address] = said.match(/http:\/\/[^\s/]+/) ?? [];
    if (address) return { address, server };
  }
  throw new Error(`The server ended before it listened: ${said}`);
}

/** Width, height and pixels' bytes of a PNG. */
function decode(png: Uint8Array) {
  const view = Buffer.from(png);
  assert.equal(view.toString("latin1", 1, 4), "PNG");
  const data: Buffer[] = [];
  for (let at = 8; at < view.length; at += view.readUInt32BE(at) + 12) {
    const end = at + 8 + view.readUInt32BE(at);
    if (view.toString("latin1", at + 4, at + 8) === "IDAT") {
      data.push(view.subarray(at + 8, end));
    }
  }
  return {
    width: view.readUInt32BE(16),
    height: view.readUInt32BE(20),
    bytes: inflateSync(Buffer.concat(data)).length,
  };
}

Deno.test("prepare, train, resume, export, serve: a picture comes out, and one of twice the size", async () => {
  const dir = await Deno.makeTempDir();
  const data = `${dir}/data`;
  const models = `${dir}/models`;
  for (const size of ["32", "64"]) {
    await run(
      "train/prepare.ts",
      ...["--size", size, "--data", data, "--only", "face-smiling"],
      ...["--styles", "noto,twemoji"],
    );
  }
  const train = ["--data", data, "--run", `${dir}/run`, "--backend", "wasm"];
  const batch = ["--batch-size", "8", "--workers", "1"];
  await run("train/train.ts", ...train, ...batch, "--images", "16");
  const resumed = await run(
    "train/train.ts",
    ...train,
    ...batch,
    "--images",
    "32",
  );
  assert.match(resumed, /done: 32 images/);
  await run(
    "train/export.ts",
    ...["--run", `${dir}/run`, "--data", data, "--models", models],
    ...["--name", "tiny"],
  );
  await run(
    "train/train.ts",
    ...["--preset", "upsampler", "--data", data, "--backend", "wasm", ...batch],
    ...["--run", `${dir}/larger`, "--images", "8"],
  );
  await run(
    "train/export.ts",
    ...["--run", `${dir}/run`, "--data", data, "--models", models],
    ...["--name", "tiny-64", "--upsampler", `${dir}/larger`],
  );
  await run(
    "train/export.ts",
    ...["--model", `${models}/tiny`, "--data", data, "--models", models],
    ...["--name", "tiny-again", "--upsampler", `${dir}/larger`],
  );
  for (const file of ["model.onnx", "upsampler.onnx"]) {
    const [first, again] = await Promise.all(
      ["tiny-64", "tiny-again"].map((name) =>
        Deno.readFile(`${models}/${name}/${file}`)
      ),
    );
    assert.deepEqual(again, first, file);
  }

  const { address, server } = await serve(models);
  try {
    const small = `${address}/emoji?seed=42&steps=3&model=tiny`;
    const first = await fetch(small);
    assert.equal(first.status, 200);
    assert.equal(first.headers.get("content-type"), "image/png");
    const png = await first.bytes();
    const { width, height, bytes } = decode(png);
    assert.deepEqual([width, height], [32, 32]);
    // One filter byte a row, then RGB or RGBA.
    assert([32 * (1 + 96), 32 * (1 + 128)].includes(bytes));
    assert.deepEqual(await (await fetch(small)).bytes(), png);

    // The model of the largest pictures is the default.
    const largest = await fetch(`${address}/emoji?seed=42&steps=3`);
    const large = decode(await largest.bytes());
    assert.deepEqual([large.width, large.height], [64, 64]);
  } finally {
    server.kill("SIGTERM");
    await server.status;
    await Deno.remove(dir, { recursive: true });
  }
});

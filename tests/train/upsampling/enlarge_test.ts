import assert from "node:assert/strict";
import { runTrainTask } from "../train_task.ts";

const dir = await Deno.makeTempDir();
globalThis.addEventListener("unload", () => {
  Deno.removeSync(dir, { recursive: true });
});

const train = (preset: string, run: string, size: number, ...args: string[]) =>
  runTrainTask([
    ...["--preset", preset, "--source", "synthetic", "--size", String(size)],
    ...["--backend", "wasm", "--workers", "1", "--batch-size", "8"],
    ...["--data", `${dir}/data`, "--run", `${dir}/${run}`, ...args],
  ]);

Deno.test("train --enlarge learns the detail of what a run draws, which a resumed run still has", async () => {
  const small = await train("emoji", "small", 8, "--images", "8");
  assert.equal(small.code, 0, small.stderr);
  const enlarge = ["--enlarge", `${dir}/small`];
  const first = await train(
    "upsampler",
    "large",
    16,
    ...["--images", "8", ...enlarge],
  );
  assert.equal(first.code, 0, first.stderr);
  const { upsample } = JSON.parse(
    await Deno.readTextFile(`${dir}/large/config.json`),
  );
  assert.deepEqual(upsample, { width: 2, denoised: true });

  await Deno.remove(`${dir}/small`, { recursive: true });
  const second = await train(
    "upsampler",
    "large",
    16,
    ...["--images", "16", ...enlarge],
  );
  assert.equal(second.code, 0, second.stderr);
  assert.match(second.stderr, /done: 16 images/);

  const wrong = await train(
    "upsampler",
    "larger",
    16,
    ...["--images", "8", "--enlarge", `${dir}/large`],
  );
  assert.match(
    wrong.stderr,
    /^error: Cannot learn from .*large.* as its pictures must be of 8 pixels: current value is 16\n$/,
  );
});

Deno.test("train refuses to enlarge with other presets, and to distil an upsampler", async () => {
  const other = await train("emoji", "none", 8, "--enlarge", dir);
  assert.match(
    other.stderr,
    /^error: Cannot enlarge the pictures of --enlarge .* as --preset must be upsampler: current value is emoji\n$/,
  );
  const distilled = await train("upsampler", "none", 16, "--distill", dir);
  assert.match(distilled.stderr, /^error: Cannot distil an upsampler/);
});

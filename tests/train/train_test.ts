import assert from "node:assert/strict";

const dir = await Deno.makeTempDir();
globalThis.addEventListener("unload", () => {
  Deno.removeSync(dir, { recursive: true });
});

/** Trains the smallest preset for a moment. */
async function train(...args: string[]) {
  const { code, stderr } = await new Deno.Command(Deno.execPath(), {
    args: [
      ...["run", "-A", "train/train.ts", "--preset", "tiny"],
      ...["--backend", "wasm", "--workers", "1", "--data", `${dir}/data`],
      ...["--batch-size", "4", ...args],
    ],
    cwd: new URL("../../", import.meta.url),
  }).output();
  return { code, stderr: new TextDecoder().decode(stderr) };
}

async function exists(path: string): Promise<boolean> {
  return await Deno.stat(path).then(() => true, () => false);
}

Deno.test("train --dry-run tells what would be done and makes no run folder", async () => {
  const { code, stderr } = await train("--dry-run", "--run", `${dir}/dry`);
  assert.equal(code, 0, stderr);
  assert.match(stderr, /backend: .*WASM.*\nnetwork: \d+ parameters/);
  assert.match(stderr, /first loss .* images\/s.*\ndry run: nothing/);
  assert(!await exists(`${dir}/dry`));
});

Deno.test("train stores its options, which --config takes for a run that begins with another one's weights", async () => {
  const first = await train("--images", "16", "--run", `${dir}/first`);
  assert.equal(first.code, 0, first.stderr);
  const stored = `${dir}/first/options.json`;
  const options = JSON.parse(await Deno.readTextFile(stored));
  assert.deepEqual(
    [options.preset, options.images, options["batch-size"]],
    ["tiny", 16, 4],
  );
  const second = await train(
    ...["--config", stored, "--run", `${dir}/second`, "--init", `${dir}/first`],
  );
  assert.equal(second.code, 0, second.stderr);
  assert.match(second.stderr, /began with \d+ weights of .*first\n/);
  assert.match(second.stderr, /done: 16 images/);
  assert(await exists(`${dir}/second/report.html`));
});

Deno.test("train ends with one line and no progress lost where the newest checkpoint is damaged", async () => {
  const run = `${dir}/damaged`;
  const args = ["--run", run, "--images"];
  assert.equal((await train(...args, "8")).code, 0);
  const path = `${run}/checkpoints/00000002.ckpt`;
  const bytes = await Deno.readFile(path);
  bytes[bytes.length - 1]! ^= 1;
  await Deno.writeFile(path, bytes);
  const { code, stderr } = await train(...args, "16");
  assert.equal(code, 1);
  assert.match(
    stderr,
    /\nerror: Cannot read checkpoint .*00000002\.ckpt as it is damaged: .*\n$/,
  );
  assert.deepEqual(await Deno.readFile(path), bytes);
});

Deno.test("train answers a wrong option with one line", async () => {
  const { code, stderr } = await train("--patience", "0");
  assert.equal(code, 2);
  assert.match(
    stderr,
    /^error: Cannot use --patience .*: current value is 0\n$/,
  );
});

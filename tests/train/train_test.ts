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
  assert.match(stderr, /first loss .* images\/s.*\ndry run: no run was begun/);
  assert(!await exists(`${dir}/dry`));
});

Deno.test("train --from tells which pictures it skips", async () => {
  const from = `${dir}/shots`;
  await Deno.mkdir(from);
  for (let i = 0; i < 4; i++) {
    const draw = `<svg viewBox="0 0 1 1" xmlns="http://www.w3.org/2000/svg"/>`;
    await Deno.writeTextFile(`${from}/sound${i}.svg`, draw);
  }
  for (let i = 0; i < 7; i++) {
    await Deno.writeTextFile(`${from}/torn${i}.png`, "no picture");
  }
  const folder = ["--source", "folder", "--from", from];
  const { code, stderr } = await train("--dry-run", ...folder);
  assert.equal(code, 0, stderr);
  const named = stderr.match(/^skipped .*torn\d\.png: Cannot decode .*$/gm);
  assert.equal(named?.length, 5, stderr);
  assert.match(stderr, /^pictures skipped: 7$/m);
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
    /^error: Cannot read checkpoint .*00000002\.ckpt as it is damaged: .*\n$/,
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

Deno.test("train refuses to go on with a run in another way than it began, and leaves its record", async () => {
  const run = ["--run", `${dir}/begun`];
  const first = await train(...run, "--images", "8");
  assert.equal(first.code, 0, first.stderr);
  const record = await Deno.readTextFile(`${dir}/begun/config.json`);
  const other = {
    seed: "2",
    optimizer: "adam",
    "batch-size": "8",
    preset: "gaussians",
  };
  for (const [option, value] of Object.entries(other)) {
    const { code, stderr } = await train(
      ...[...run, "--images", "16", `--${option}`, value],
    );
    assert.equal(code, 2, option);
    assert.match(stderr, new RegExp(`--${option} must be what it began with`));
  }
  assert.equal(await Deno.readTextFile(`${dir}/begun/config.json`), record);
  const longer = await train(...run, "--images", "16", "--lr", "1e-4");
  assert.match(longer.stderr, /done: 16 images/);
});

Deno.test("train names a data set that was drawn from another folder, and what holds one thing alone", async () => {
  const shapes = `${dir}/a/shapes`;
  await Deno.mkdir(shapes, { recursive: true });
  await Deno.mkdir(`${dir}/b/shapes`, { recursive: true });
  for (let i = 0; i < 3; i++) {
    await Deno.writeTextFile(
      `${shapes}/${i}.svg`,
      `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 8 8"><circle cx="4" cy="4" r="${
        i + 1
      }"/></svg>`,
    );
  }
  await Deno.copyFile(`${shapes}/0.svg`, `${dir}/b/shapes/0.svg`);
  const dry = (from: string, data: string) =>
    train(
      ...["--source", "folder", "--from", `${dir}/${from}`],
      ...["--data", `${dir}/${data}`, "--dry-run"],
    );
  const first = await dry("a/shapes", "data");
  assert.equal(first.code, 0, first.stderr);
  const second = await dry("b/shapes", "data");
  assert.equal(second.code, 2);
  assert.match(
    second.stderr,
    /Cannot train on .*shapes-8 as its from must be .*b\/shapes: current value is .*a\/shapes/,
  );
  const alone = await dry("b/shapes", "other");
  assert.equal(alone.code, 2);
  assert.match(alone.stderr, /must have pictures of two things/);
});

import assert from "node:assert/strict";
import { join } from "node:path";
import { loadDataset } from "../../train/dataset.ts";

const PROGRAM = new URL("../../train/prepare.ts", import.meta.url);

async function prepare(...args: string[]) {
  const command = new Deno.Command(Deno.execPath(), {
    args: [
      "run",
      "--quiet",
      "--allow-read",
      "--allow-write",
      "--allow-env=DEBUG",
      PROGRAM.href,
      ...args,
    ],
  });
  const { code, stdout, stderr } = await command.output();
  const text = (bytes: Uint8Array) => new TextDecoder().decode(bytes);
  return { code, out: text(stdout), errors: text(stderr) };
}

Deno.test("prepare builds a data set of each size and reports it", async () => {
  const data = await Deno.makeTempDir();
  try {
    const args = "--source synthetic --name shapes --size 4,8".split(" ");
    const { code, errors } = await prepare(...args, "--data", data);
    assert.equal(code, 0, errors);
    assert.match(
      errors,
      /shapes-4: 256 pictures of 256 concepts \(\d+ to train on, \d+ held out\), 0 skipped\n/,
    );
    for (const size of [4, 8]) {
      const { manifest } = await loadDataset(join(data, `shapes-${size}`));
      assert.equal(manifest.size, size);
    }
  } finally {
    await Deno.remove(data, { recursive: true });
  }
});

Deno.test("prepare explains itself", async () => {
  const { code, out } = await prepare("--help");
  assert.equal(code, 0);
  for (
    const word of ["--source", "--from", "--size", "--strict", "cifar-100"]
  ) {
    assert(out.includes(word), word);
  }
});

Deno.test("prepare ends with one line that names the option", async () => {
  const cases: [string[], RegExp][] = [
    [
      ["--size", "32,big"],
      /^error: Cannot .* --size as .*: current value is big\n$/,
    ],
    [
      ["--source", "nothing"],
      /^error: Cannot .* --source as .*: current value is nothing\n$/,
    ],
    [
      ["--source", "constructor"],
      /^error: Cannot .* --source as .*: current value is constructor\n$/,
    ],
    [
      ["--source", "folder"],
      /^error: Cannot .* --from must name the folder to read\n$/,
    ],
    [
      ["--source", "folder", "--from", "/no/such"],
      /^error: .*\/no\/such must exist: name it with --from\n$/,
    ],
    [["--colour", "red"], /^error: Unknown option '--colour'.*\n$/],
  ];
  for (const [args, message] of cases) {
    const { code, errors } = await prepare(...args);
    assert.notEqual(code, 0);
    assert.match(errors, message);
  }
});

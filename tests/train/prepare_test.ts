import assert from "node:assert/strict";
import { join } from "node:path";
import { loadDataset } from "../../train/dataset.ts";

const PROGRAM = new URL("../../train/prepare.ts", import.meta.url).pathname;

async function prepare(...args: string[]) {
  const command = new Deno.Command(Deno.execPath(), {
    args: [
      "run",
      "--quiet",
      "--allow-read",
      "--allow-write",
      "--allow-env",
      PROGRAM,
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
    const { code, out } = await prepare(
      "--source",
      "synthetic",
      "--name",
      "shapes",
      "--size",
      "4,8",
      "--data",
      data,
    );
    assert.equal(code, 0);
    assert.match(
      out,
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
    const option of [
      "--source",
      "--from",
      "--size",
      "--name",
      "--data",
      "--fit",
      "--encoding",
      "--strict",
      "cifar-100",
    ]
  ) {
    assert(out.includes(option), option);
  }
});

Deno.test("prepare ends with one line that names the option", async () => {
  const cases: [string[], RegExp][] = [
    [
      ["--size", "32,big"],
      /^Cannot .* --size must be .*: current value is big\n$/,
    ],
    [
      ["--source", "nothing"],
      /^Cannot .* --source must be one of .*: current value is nothing\n$/,
    ],
    [
      ["--source", "folder"],
      /^Cannot .* --from must name the folder to read\n$/,
    ],
    [
      ["--source", "folder", "--from", "/no/such"],
      /^Cannot .* \/no\/such must exist: name it with --from\n$/,
    ],
    [["--colour", "red"], /^Unknown option '--colour'.*\n$/],
  ];
  for (const [args, message] of cases) {
    const { code, errors } = await prepare(...args);
    assert.equal(code, 1, errors);
    assert.match(errors, message);
  }
});

import assert from "node:assert/strict";
import { listCheckpoints, readCheckpoint } from "../../train/checkpoint.ts";

const PROGRAM = new URL("../../train/train.ts", import.meta.url).href;
/** Enough for a few checkpoints, one a second. */
const IMAGES = 6400;

function start(program: string, args: string[]): Deno.ChildProcess {
  return new Deno.Command(Deno.execPath(), {
    args: ["run", "-A", program, ...args],
    stdout: "null",
    stderr: "null",
  }).spawn();
}

Deno.test("a run that is killed and resumed ends with the bits of one that was not", async () => {
  const dir = await Deno.makeTempDir();
  const data = `${dir}/data`;
  const args = (run: string) => [
    ...["--preset", "tiny", "--data", data, "--run", `${dir}/${run}`],
    ...["--backend", "wasm", "--workers", "2", "--images", String(IMAGES)],
    ...["--checkpoint-seconds", "1"],
  ];
  const whole = start(PROGRAM, args("whole"));
  assert.equal((await whole.status).code, 0);

  const victim = start(PROGRAM, args("killed"));
  const folder = `${dir}/killed/checkpoints`;
  while ((await listCheckpoints(folder)).length < 2) {
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
  victim.kill("SIGKILL");
  assert.equal((await victim.status).signal, "SIGKILL");
  const resumed = start(PROGRAM, args("killed"));
  assert.equal((await resumed.status).code, 0);

  const [a, b] = await Promise.all(
    [`${dir}/whole/checkpoints`, folder].map(async (path) =>
      await readCheckpoint((await listCheckpoints(path)).at(-1)!)
    ),
  );
  assert.equal(a!.images, IMAGES);
  assert.equal(b!.images, IMAGES);
  assert.deepEqual(b!.vectors, a!.vectors);
  await Deno.remove(dir, { recursive: true });
});

import assert from "node:assert/strict";
import {
  averageName,
  newestCheckpoint,
  readCheckpoint,
} from "../../../train/checkpoint.ts";
import { tiny } from "../../../train/presets/tiny.ts";
import { runTrainTask } from "../train_task.ts";

const dir = await Deno.makeTempDir();
globalThis.addEventListener("unload", () => {
  Deno.removeSync(dir, { recursive: true });
});

const train = (run: string, images: number, ...args: string[]) =>
  runTrainTask([
    ...["--preset", "tiny", "--backend", "wasm", "--workers", "1"],
    ...["--data", `${dir}/data`, "--batch-size", "8"],
    ...["--run", `${dir}/${run}`, "--images", String(images), ...args],
  ]);

const vectorsOf = async (run: string) =>
  (await readCheckpoint((await newestCheckpoint(`${dir}/${run}`))!)).vectors;

/** Mean loss of the last line that names one. */
const lastLoss = (stderr: string) =>
  Number([...stderr.matchAll(/ loss (\S+)/g)].at(-1)![1]);

Deno.test("train --distill learns from a teacher and a worse version of it, which a resumed run still has", async () => {
  for (const [run, images] of [["good", 1600], ["bad", 160]] as const) {
    const { code, stderr } = await train(run, images);
    assert.equal(code, 0, stderr);
  }
  const from = [
    ...["--distill", `${dir}/good`, "--guidance", "1.5"],
    ...["--autoguide", `${dir}/bad`, "--autoguidance", "1:4,0:2.5"],
  ];
  const first = await train("student", 64, ...from);
  assert.equal(first.code, 0, first.stderr);
  assert.match(first.stderr, /began with \d+ weights of .*good.*done: 64/s);
  assert(Number.isFinite(lastLoss(first.stderr)));

  const { distillation } = JSON.parse(
    await Deno.readTextFile(`${dir}/student/config.json`),
  );
  assert.deepEqual(
    [distillation.guidance, distillation.autoguidance],
    [1.5, [[1, 4], [0, 2.5]]],
  );
  for (const gone of ["good", "bad"]) {
    await Deno.remove(`${dir}/${gone}`, { recursive: true });
  }
  const second = await train("student", 128, ...from);
  assert.equal(second.code, 0, second.stderr);
  assert.match(second.stderr, /done: 128 images/);
});

Deno.test("train --matching learns beside a critic, which begins as the teacher and which a resumed run goes on with", async () => {
  const { code, stderr } = await train("master", 800);
  assert.equal(code, 0, stderr);
  const teacher = (await vectorsOf("master"))[averageName(tiny.ema.at(-1)!)]!;
  const learn = async (run: string, images: number) => {
    const { code, stderr } = await train(
      run,
      images,
      ...["--distill", `${dir}/master`, "--matching", "--cooldown", "0"],
      ...["--guidance", "2", "--matching-guidance", "1.5"],
    );
    assert.equal(code, 0, stderr);
    return await vectorsOf(run);
  };
  const { critic } = await learn("halved", 16);
  assert.equal(critic!.length, teacher.length);
  const far = critic!.map((weight, i) => Math.abs(weight - teacher[i]!));
  assert(far.some((distance) => distance > 0));
  assert(far.every((distance) => distance < 0.02));
  const whole = await learn("whole", 32);
  assert.deepEqual(await learn("halved", 32), whole);

  const { distillation: { guidance, matching: { steps: _, ...scales } } } = JSON
    .parse(await Deno.readTextFile(`${dir}/whole/config.json`));
  assert.deepEqual([guidance, scales], [2, { guidance: 1.5 }]);
});

Deno.test("train --adversarial has the critic tell real pictures, and a resumed run goes on as if it had not stopped", async () => {
  const { code, stderr } = await train("real-master", 64);
  assert.equal(code, 0, stderr);
  const learn = async (run: string, images: number) => {
    const { code, stderr } = await train(
      run,
      images,
      ...["--distill", `${dir}/real-master`, "--matching", "--cooldown", "0"],
      ...["--adversarial", "0.5"],
    );
    assert.equal(code, 0, stderr);
    return await vectorsOf(run);
  };
  const { critic: first } = await learn("real-halved", 16);
  const teacher = (await vectorsOf("real-master")).weights!;
  assert(first!.length > teacher.length);
  const whole = await learn("real-whole", 32);
  assert(first!.some((weight, i) => weight !== whole.critic![i]));
  assert.deepEqual(await learn("real-halved", 32), whole);
});

Deno.test("train --matching says that it needs a teacher", async () => {
  const { code, stderr } = await train("none", 8, "--matching");
  assert.equal(code, 2);
  assert.match(
    stderr,
    /^error: Cannot use --matching as it goes with --distill/,
  );
});

Deno.test("train --distill refuses a teacher of another process in one line", async () => {
  const { code } = await train("points", 8, "--preset", "gaussians");
  assert.equal(code, 0);
  const { stderr } = await train("no", 8, "--distill", `${dir}/points`);
  assert.match(
    stderr,
    /^error: Cannot learn from .*points.* as its process must be .*\n$/,
  );
});

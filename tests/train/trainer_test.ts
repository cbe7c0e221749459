import assert from "node:assert/strict";
import { batchSource } from "../../train/batch.ts";
import { listCheckpoints, readCheckpoint } from "../../train/checkpoint.ts";
import { conditionLayout } from "../../train/condition_layout.ts";
import type { RunConfig } from "../../train/config.ts";
import { dryRun } from "../../train/dry_run.ts";
import { draftModel } from "../../train/model_config.ts";
import { openRunFolder } from "../../train/run_folder.ts";
import { readLog } from "../../train/run_log.ts";
import { trainRun, type TrainRunOptions } from "../../train/trainer.ts";
import { tinyDataset, tinyEngine, tinyRun } from "./tiny_run.ts";

const { dir: data, dataset } = await tinyDataset();
globalThis.addEventListener("unload", () => {
  Deno.removeSync(data, { recursive: true });
});
const layout = conditionLayout(dataset.manifest.vocabularies);

/** Trains in `path`; returns what was shown. */
async function train(
  path: string,
  changes: Partial<RunConfig>,
  options: Partial<TrainRunOptions> = {},
  tensorboard = false,
): Promise<string[]> {
  const config = { ...tinyRun, images: 80, ...changes };
  const engine = await tinyEngine(data, dataset, { config });
  const lines: string[] = [];
  try {
    await trainRun({
      config,
      folder: await openRunFolder(path, { tensorboard }),
      engine,
      model: draftModel("tiny", config, layout, dataset.manifest),
      reported: {
        train: batchSource(dataset, layout, config, { augment: false }),
        heldOut: batchSource(dataset, layout, config, {
          split: "heldOut",
          augment: false,
        }),
      },
      conditions: [{}],
      progress: { show: () => {}, log: (line) => lines.push(line) },
      checkpointSeconds: 1000,
      sheetSeconds: 1000,
      sheetSteps: 50,
      budgetSeconds: 1000,
      signal: new AbortController().signal,
      ...options,
    });
  } finally {
    engine.close();
  }
  return lines;
}

/** Files below a folder of the run. */
function names(path: string): string[] {
  return [...Deno.readDirSync(path)].map(({ name }) => name);
}

async function inFolder(action: (path: string) => Promise<void>) {
  const path = await Deno.makeTempDir();
  try {
    await action(path);
  } finally {
    await Deno.remove(path, { recursive: true });
  }
}

Deno.test("trainRun() logs loss, speed and memory and writes sheets and a report", () =>
  inFolder(async (path) => {
    assert.deepEqual(await train(path, {}, {}, true), ["done: 80 images"]);
    const [log, evaluation] = await readLog(`${path}/log.jsonl`);
    assert.equal(log!.images, 80);
    assert(log!.loss! > 0 && log!.speed! > 0 && log!.gradientNorm! > 0);
    assert(log!.rss! > 1e7 && log!.tensors! < 100);
    assert(evaluation!.heldOut!.mean > 0 && evaluation!.train!.mean > 0);
    await Deno.stat(`${path}/sheets/00000010.png`);
    const page = await Deno.readTextFile(`${path}/report.html`);
    assert(page.includes('class="state done"'));
    const [events] = names(`${path}/tensorboard`);
    const file = await Deno.readFile(`${path}/tensorboard/${events}`);
    const text = String.fromCharCode(...file);
    for (const tag of ["loss/batch", "loss/held-out", "samples", "PNG"]) {
      assert(text.includes(tag), tag);
    }
  }));

Deno.test("trainRun() with patience stops where the held-out loss falls no more, and keeps the best", () =>
  inFolder(async (path) => {
    const options = { patience: 2, sheetSeconds: 0 };
    const still = { learningRate: 0, images: 80_000 };
    const [line] = await train(path, still, options);
    assert.match(line!, /^stopped early after \d+ images: .*best\.ckpt$/);
    const entries = await readLog(`${path}/log.jsonl`);
    const evaluations = entries.filter(({ heldOut }) => heldOut);
    assert.equal(evaluations.length, 3);
    const best = await readCheckpoint(`${path}/best.ckpt`);
    assert.equal(best.step, evaluations[0]!.step);

    const [again] = await train(path, still, options);
    assert.match(again!, /^stopped early/);
    assert.equal((await readLog(`${path}/log.jsonl`)).length, entries.length);
  }));

Deno.test("trainRun() stops at a loss that is no number, names the step and leaves the last checkpoint sound", () =>
  inFolder(async (path) => {
    await train(path, {});
    const wild = { images: 8000, learningRate: 1e30, warmupImages: 1 };
    await assert.rejects(
      () => train(path, wild),
      /^Error: Cannot go on as the loss of step 1\d is .*lower --lr; .*00000010\.ckpt is sound$/,
    );
    const [checkpoint, more] = await listCheckpoints(`${path}/checkpoints`);
    assert.equal(more, undefined);
    const { step, vectors } = await readCheckpoint(checkpoint!);
    assert.equal(step, 10);
    assert(vectors.weights!.every(Number.isFinite));
    const page = await Deno.readTextFile(`${path}/report.html`);
    assert(page.includes('class="state stopped"'));
  }));

Deno.test("trainRun() goes on where its report cannot be written, and says so", () =>
  inFolder(async (path) => {
    await Deno.mkdir(`${path}/report.html/full`, { recursive: true });
    const lines = await train(path, {});
    assert.equal(lines.at(-1), "done: 80 images");
    assert.match(lines[0]!, /^the report is old: .*report\.html/);
    const [checkpoint] = await listCheckpoints(`${path}/checkpoints`);
    assert.equal((await readCheckpoint(checkpoint!)).step, 10);
  }));

Deno.test("trainRun() keeps what it learned before it draws: the best weights are never newer than the last checkpoint", () =>
  inFolder(async (path) => {
    await train(path, { images: 160 }, { sheetSeconds: 0 });
    const steps = (await readLog(`${path}/log.jsonl`))
      .filter(({ heldOut }) => heldOut).map(({ step }) => step);
    assert(steps.length > 2);
    const saved = names(`${path}/checkpoints`).map((name) => parseInt(name));
    const best = await readCheckpoint(`${path}/best.ckpt`);
    assert(Math.max(...saved) >= best.step);
  }));

const full = await Deno.stat("/dev/full").then(() => true, () => false);

Deno.test({
  name:
    "trainRun() on a full disk ends with one line that names the file and leaves the last checkpoint sound",
  ignore: !full,
  fn: () =>
    inFolder(async (path) => {
      await train(path, {});
      const next = `${path}/checkpoints/00000020.ckpt`;
      await Deno.symlink("/dev/full", `${next}.tmp`);
      const more = { images: 160 };
      await assert.rejects(
        () => train(path, more),
        (error: Error) =>
          error.message.startsWith(`Cannot write checkpoint ${next}: `) &&
          /space/i.test(error.message),
      );
      const paths = await listCheckpoints(`${path}/checkpoints`);
      assert.deepEqual(paths, [`${path}/checkpoints/00000010.ckpt`]);
      assert.equal((await readCheckpoint(paths[0]!)).step, 10);
      // With space again the run goes on.
      assert.deepEqual(await train(path, more), ["done: 160 images"]);
    }),
});

Deno.test("dryRun() tells the first loss, the time and the memory", async () => {
  const engine = await tinyEngine(data, dataset);
  const lines: string[] = [];
  await dryRun(tinyRun, engine, {
    show: () => {},
    log: (line) => lines.push(line),
  });
  engine.close();
  assert.match(
    lines.join("\n"),
    /^first loss \d\.\d+; \d+ images\/s, so that 800 images take .+; \d+\.\d+ GB of memory\ndry run: no run was begun$/,
  );
});

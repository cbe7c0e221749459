import assert from "node:assert/strict";
import { encodePng } from "@emoji/diffusion/png";
import {
  buildReport,
  writeReport,
} from "../../../train/report/write_report.ts";

/** A run's folder with `count` lines of log and three sheets. */
async function runFolder(images: number, count: number): Promise<string> {
  const dir = await Deno.makeTempDir();
  const config = { preset: "<script>alert(1)</script>", images, a: { b: 7 } };
  await Deno.writeTextFile(`${dir}/config.json`, JSON.stringify(config));
  const entries = Array.from({ length: count }, (_, i) => [
    {
      step: i + 1,
      images: 8 * (i + 1),
      seconds: i,
      loss: 1 / (i + 1),
      gradientNorm: 2,
      learningRate: 1e-3,
      speed: 100,
      rss: 5e8,
      tensors: 3,
    },
    {
      step: i + 1,
      images: 8 * (i + 1),
      seconds: i,
      heldOut: { mean: 2 / (i + 1), byLevel: [1, 2, 3, 4, 5] },
      train: { mean: 1 / (i + 1), byLevel: [1, 2, 3, 4, 5] },
    },
  ]).flat();
  await Deno.writeTextFile(
    `${dir}/log.jsonl`,
    entries.map((entry) => JSON.stringify(entry) + "\n").join(""),
  );
  await Deno.mkdir(`${dir}/sheets`);
  for (const step of [1, 2, 3]) {
    const rgba = Uint8Array.of(step, 0, 0, 255);
    await Deno.writeFile(
      `${dir}/sheets/0000000${step}.png`,
      encodePng({ width: 1, height: 1, rgba }),
    );
  }
  return dir;
}

Deno.test("buildReport() writes one page with all charts and sheets and no outer address", async () => {
  const dir = await runFolder(800, 5);
  const page = await buildReport(dir);
  for (
    const title of [
      "Loss",
      "Loss by noise level",
      "Gradient norm",
      "Learning rate",
      "Speed",
      "Memory",
    ]
  ) {
    assert(page.includes(`<h2>${title}</h2>`), title);
  }
  assert.equal(page.match(/<button/g)!.length, 3);
  assert(/class="state running"/.test(page));
  assert(/5\.0 % of 800/.test(page));
  assert(!/https?:\/\/|src="(?!data:)|<link|url\(/.test(page));
  assert(!page.includes("<script>alert"));
  assert(!page.includes("NaN") && !page.includes("undefined"));
  await Deno.remove(dir, { recursive: true });
});

Deno.test("buildReport() tells a run that is done or stopped from one that goes on", async () => {
  const done = await runFolder(40, 5);
  assert(/class="state done"/.test(await buildReport(done)));
  const stopped = await runFolder(800, 5);
  const old = new Date(Date.now() - 600_000);
  await Deno.utime(`${stopped}/log.jsonl`, old, old);
  assert(/class="state stopped"/.test(await buildReport(stopped)));
  for (const dir of [done, stopped]) {
    await Deno.remove(dir, { recursive: true });
  }
});

Deno.test("writeReport() writes report.html, for a run that has just begun too", async () => {
  const dir = await runFolder(800, 0);
  await writeReport(dir, { running: false });
  const page = await Deno.readTextFile(`${dir}/report.html`);
  assert(/nothing yet/.test(page));
  assert(/class="state stopped"/.test(page));
  await Deno.remove(dir, { recursive: true });
});

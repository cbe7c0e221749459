import assert from "node:assert/strict";
import type { Report } from "../../train/metrics/report.ts";
import { decodeImage } from "../../train/data/decode_image.ts";
import { PROBED_SIGMAS } from "../../train/metrics/probe_levels.ts";
import { runTrain, tinyEvaluation } from "./metrics/tiny_evaluation.ts";

async function readReport(out: string): Promise<Report> {
  return JSON.parse(await Deno.readTextFile(`${out}/evaluation.json`));
}

/** The report without what may differ between runs. */
function figures(report: Report): unknown {
  const variants = report.variants.map((variant) => ({
    ...variant,
    seconds: 0,
  }));
  return { ...report, variants };
}

Deno.test("evaluate writes figures beside their floor, the same on any number of threads", async () => {
  const { dir, clean } = await tinyEvaluation();
  try {
    const [one, two] = [`${dir}/one`, `${dir}/two`];
    const steps = ["--steps", "1,3"];
    const first = await runTrain("evaluate", dir, ...steps, "--out", one);
    assert.equal(first.code, 0, first.stderr);
    const second = await runTrain(
      "evaluate",
      dir,
      ...[...steps, "--out", two, "--workers", "3"],
    );
    assert.equal(second.code, 0, second.stderr);
    const report = await readReport(one);
    assert.deepEqual(figures(await readReport(two)), figures(report));

    assert.deepEqual(report.variants.map(({ steps }) => steps), [1, 3]);
    for (const { figures } of report.variants) {
      assert.equal(figures.count, report.real.count);
      for (const space of ["random", "classifier"] as const) {
        const [noise, real] = [figures, report.real].map((f) =>
          f.distances[space]
        );
        // An untrained network draws noise, which every figure must tell from held-out shapes; so few of them are far as well.
        assert.ok(noise!.fd > 1.5 * real!.fd, `${noise!.fd} ${real!.fd}`);
        assert.ok(noise!.kid.mean > 10 * Math.abs(real!.kid.mean));
      }
      assert.ok(figures.manifold.coverage < report.real.manifold.coverage);
      assert.ok(figures.colour.hue > report.colourFloor.hue);
      assert.ok(figures.transparency.haze > 10 * report.real.transparency.haze);
      assert.ok(
        figures.memorisation.median > report.real.memorisation.median,
      );
    }
    const { levels, bits } = report.denoising;
    assert.deepEqual(levels.map(({ sigma }) => sigma), PROBED_SIGMAS);
    for (const { heldOut, train } of levels) {
      // Untrained, it knows training pictures no better than others.
      const error = Math.hypot(heldOut.error, train.error);
      assert.ok(Math.abs(heldOut.mean - train.mean) < 4 * error);
    }
    assert.equal(bits, undefined);
    for (const name of ["dpmpp-2m-1-w2", "dpmpp-2m-3-w2"]) {
      for (const kind of ["samples", "neighbours"]) {
        const file = `${kind}-${name}.png`;
        const picture = await decodeImage(
          await Deno.readFile(`${one}/${file}`),
          64,
        );
        assert.ok(picture.rgba.some((byte) => byte > 0));
        const markdown = await Deno.readTextFile(`${one}/evaluation.md`);
        assert.ok(markdown.includes(`](${file})`));
      }
    }
    assert.match(first.stderr, /FD, random +\|/);
    assert.match(first.stderr, /loss at σ = 0.3 +\|/);
  } finally {
    await clean();
  }
});

Deno.test("evaluate names what is wrong with its options", async () => {
  const { dir, clean } = await tinyEvaluation();
  try {
    const steps = await runTrain("evaluate", dir, "--steps", "4,,50");
    assert.equal(steps.code, 2);
    assert.match(steps.stderr, /--steps/);
    const sampler = await runTrain("evaluate", dir, "--sampler", "magic");
    assert.equal(sampler.code, 1);
    assert.match(sampler.stderr, /sampler must be one of/);
  } finally {
    await clean();
  }
});

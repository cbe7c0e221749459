import assert from "node:assert/strict";
import {
  alphaSnap,
  drawPlanes,
  planSampling,
} from "@emoji/diffusion/model-sampler";
import { planesToPicture } from "@emoji/diffusion/image";
import { wasmEngine } from "../../edge/engines/wasm.ts";
import { writeCheckpoint } from "../../train/checkpoint.ts";
import { decodeImage } from "../../train/data/decode_image.ts";
import {
  initialWeights,
  summarizeNetwork,
} from "../../train/network/parameters.ts";
import { conditionLayout } from "../../train/condition_layout.ts";
import { saveDataset } from "../../train/dataset.ts";
import { buildModel, readTrainedRun } from "../../train/trained_run.ts";
import { tinyModel } from "../edge/tiny_model.ts";
import { tinyDataset, tinyRun } from "./tiny_run.ts";

const ROOT = new URL("../../", import.meta.url);

async function sample(...args: string[]) {
  const { code, stdout, stderr } = await new Deno.Command(Deno.execPath(), {
    args: ["run", "-A", "train/sample.ts", ...args],
    cwd: ROOT,
  }).output();
  const decode = (bytes: Uint8Array) => new TextDecoder().decode(bytes);
  return { code, stdout: decode(stdout), stderr: decode(stderr) };
}

Deno.test("sample draws the API's pictures from an exported model", async () => {
  const dir = await Deno.makeTempDir();
  const { config, configText, onnx } = tinyModel();
  await Deno.writeTextFile(`${dir}/config.json`, configText);
  await Deno.writeFile(`${dir}/model.onnx`, onnx);
  const out = `${dir}/out.png`;
  const { code, stderr } = await sample(
    ...["--model", dir, "--seeds", "5,cat", "--steps", "3", "--columns", "1"],
    ...["--style", "noto", "--words", "red cat", "--out", out],
  );
  assert.equal(code, 0, stderr);
  const drawn = await decodeImage(await Deno.readFile(out), 1);

  const engine = await wasmEngine(config, onnx);
  const planes = await drawPlanes(config, engine.network, {
    seeds: [5, "cat"],
    plan: planSampling(config, { steps: 3 }),
    condition: { style: "noto", words: ["red", "cat"] },
  });
  await engine.release();
  const size = 4 * 32 * 32;
  for (const k of [0, 1]) {
    const picture = planesToPicture(
      planes.subarray(k * size, (k + 1) * size),
      config.image,
      { alphaSnap: alphaSnap(config, 3) },
    );
    const from = k * (size + 2 * 4 * 32); // two rows lie between them
    assert.deepEqual(
      new Uint8Array(drawn.rgba.subarray(from, from + size)),
      picture.rgba,
    );
  }
  await Deno.remove(dir, { recursive: true });
});

Deno.test("sample draws from a run what its export draws, and its neighbours", async () => {
  const { dataset, clean } = await tinyDataset();
  const dir = await Deno.makeTempDir();
  await saveDataset(`${dir}/emoji-8`, dataset);
  await Deno.mkdir(`${dir}/run/checkpoints`, { recursive: true });
  const layout = conditionLayout(dataset.manifest.vocabularies);
  const { parameters } = summarizeNetwork(tinyRun.network, 8, layout.size);
  const weights = initialWeights(parameters, 1);
  await writeCheckpoint(`${dir}/run/checkpoints/1.ckpt`, {
    version: 1,
    config: tinyRun,
    step: 1,
    images: 8,
    seconds: 1,
    vectors: {
      weights,
      "ema_0.05": weights.map(() => NaN),
      "ema_0.1": weights.map((value) => value + 0.01),
    },
  });

  const trained = await readTrainedRun({ run: `${dir}/run`, data: dir });
  assert.equal(trained.ema, 0.1);
  const { config, onnx } = buildModel("tiny", trained, {
    weightType: "float16",
  });
  await Deno.writeTextFile(`${dir}/config.json`, JSON.stringify(config));
  await Deno.writeFile(`${dir}/model.onnx`, onnx);
  const outs = [`${dir}/a.png`, `${dir}/b.png`] as const;
  const common = ["--seeds", "0-2", "--steps", "2", "--data", dir];
  const neighbours = await sample(
    ...["--run", `${dir}/run`, ...common, "--out", outs[0]],
    ...["--draw", "neighbours", "--nearest", "2", "--columns", "1"],
  );
  assert.equal(neighbours.code, 0, neighbours.stderr);
  assert.match(neighbours.stdout, /^seed 0: .+ \d\.\d{3}; .+\nseed 1: /);
  const exported = await sample(
    ...["--model", dir, ...common, "--out", outs[1], "--columns", "1"],
  );
  assert.equal(exported.code, 0, exported.stderr);
  const faulty = await sample(
    ...["--model", dir, ...common, "--out", `${dir}/c.png`],
    ...["--columns", "1", "--faults", "skip-last-step"],
  );
  assert.equal(faulty.code, 0, faulty.stderr);
  const c = await decodeImage(await Deno.readFile(`${dir}/c.png`), 1);

  const [a, b] = await Promise.all(
    outs.map(async (out) => decodeImage(await Deno.readFile(out), 1)),
  );
  assert.deepEqual([a!.width, a!.height], [24, 3 * 8 + 2 * 8]);
  assert.deepEqual([b!.width, b!.height], [8, 3 * 8 + 2 * 2]);
  assert.notDeepEqual(c.rgba, b!.rgba);
  for (let y = 0; y < 8; y++) {
    assert.deepEqual(
      a!.rgba.slice(4 * 24 * y, 4 * (24 * y + 8)),
      b!.rgba.slice(4 * 8 * y, 4 * 8 * (y + 1)),
    );
  }
  await Deno.remove(dir, { recursive: true });
  await clean();
});

Deno.test("sample answers a mistake with one line and a non-zero exit", async () => {
  const { code, stderr } = await sample("--out", "a.bmp");
  assert.equal(code, 2);
  assert.equal(
    stderr,
    "error: Cannot draw as --out must end with .png or .gif: current value is a.bmp\n",
  );
  const faults = await sample("--faults", "deaf");
  assert.equal(faults.code, 1);
  assert.match(faults.stderr, /each must be one of clamp-steps/);
});

import assert from "node:assert/strict";
import type { ModelConfig } from "@emoji/diffusion/model-config";
import { conditionLayout } from "../../train/condition_layout.ts";
import type { RunConfig } from "../../train/config.ts";
import { collect } from "../../train/data/collect.ts";
import type { PictureSource } from "../../train/data/source.ts";
import { gaussiansSource } from "../../train/data/sources/gaussians.ts";
import { syntheticSource } from "../../train/data/sources/synthetic.ts";
import { type Dataset, saveDataset } from "../../train/dataset.ts";
import { draftModel, previewConfig } from "../../train/model_config.ts";
import { gaussians } from "../../train/presets/gaussians.ts";
import { tiny } from "../../train/presets/tiny.ts";
import { channelsFirst, drawSamples } from "../../train/sheet.ts";
import { tinyEngine } from "./tiny_run.ts";
import { energyTest } from "./two_sample.ts";

/** Pictures of each of the two samples. */
const COUNT = 160;

/** What two pictures are compared by: mean and root mean square of each channel, and where the last channel lies. */
function featuresOf(
  { image: { width, height, channels } }: ModelConfig,
  value: (channel: number, pixel: number) => number,
): number[] {
  const area = width * height;
  const features: number[] = [];
  for (let c = 0; c < channels; c++) {
    let [sum, square] = [0, 0];
    for (let p = 0; p < area; p++) {
      sum += value(c, p);
      square += value(c, p) ** 2;
    }
    features.push(sum / area, Math.sqrt(square / area));
  }
  let [weight, x, y] = [0, 0, 0];
  for (let p = 0; p < area; p++) {
    const here = (value(channels - 1, p) + 1) / 2;
    weight += here;
    x += here * (p % width) / width;
    y += here * Math.floor(p / width) / height;
  }
  return [...features, 2 * x / weight, 2 * y / weight];
}

/** How likely samples of a run before and after training are to be of the distribution of `fresh` data. */
async function learn(
  config: RunConfig,
  source: PictureSource,
  fresh: PictureSource,
): Promise<{ before: number; after: number }> {
  const { size, data: { encoding } } = config;
  const { dataset } = await collect(source, { size, encoding });
  const { dataset: other } = await collect(fresh, { size, encoding });
  const layout = conditionLayout(dataset.manifest.vocabularies);
  const dir = await Deno.makeTempDir();
  await saveDataset(dir, dataset);
  const engine = await tinyEngine(dir, dataset, { config });
  const model = previewConfig(
    draftModel(config.preset, config, layout, dataset.manifest),
  );
  const network = channelsFirst(
    model.image,
    (inputs) => engine.predict(engine.memory.averages.at(-1)!.slice(), inputs),
  );
  const real = Array.from(
    { length: COUNT },
    (_, i) => realFeatures(model, other, i),
  );
  async function compare(): Promise<number> {
    const planes = await drawSamples(model, network, {
      seeds: real.map((_, i) => i),
      conditions: real.map((_, i) => conditionsOf(other, i)),
      guidance: 1,
      steps: 20,
      batch: COUNT,
    });
    const picture = planes.length / COUNT;
    const area = size * size;
    const drawn = real.map((_, i) =>
      featuresOf(model, (c, p) => planes[i * picture + c * area + p]!)
    );
    return energyTest(drawn, real);
  }
  const before = await compare();
  await engine.train(0, Math.ceil(config.images / config.batch));
  const after = await compare();
  engine.close();
  await Deno.remove(dir, { recursive: true });
  return { before, after };
}

function realFeatures(
  model: ModelConfig,
  { pictures, manifest: { size, channels } }: Dataset,
  index: number,
): number[] {
  const start = index * size * size * channels;
  return featuresOf(
    model,
    (c, p) => pictures[start + p * channels + c]! / 127.5 - 1,
  );
}

function conditionsOf({ manifest }: Dataset, index: number) {
  const { group, words } = manifest.pictures[index]!;
  if (group === undefined) return {};
  return {
    group,
    words: words.map((word) => manifest.vocabularies.words[word]!),
  };
}

Deno.test("the engine learns eight normal distributions, by a two-sample test", async () => {
  const { before, after } = await learn(
    gaussians,
    gaussiansSource({ count: 4096 }),
    gaussiansSource({ count: 2 * COUNT, seed: 1 }),
  );
  assert.ok(before < 0.01, `p before training is ${before}`);
  assert.ok(after > 0.01, `p after training is ${after}`);
});

Deno.test("the engine learns flat shapes, by a two-sample test", async () => {
  const { before, after } = await learn(
    tiny,
    syntheticSource({ count: 1024 }),
    syntheticSource({ count: 2 * COUNT, seed: 1 }),
  );
  assert.ok(before < 0.01, `p before training is ${before}`);
  assert.ok(after > 0.01, `p after training is ${after}`);
});

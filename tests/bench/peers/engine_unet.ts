// Images a second of our training step of the emoji notebook's U-Net: batch 64, 32×32 RGB, native backend. For each
// line on standard input, a number of seconds, trains for as long and answers with a line of JSON.
//   deno run -A tests/bench/peers/engine_unet.ts float32|bfloat16 WORKERS
import { TextLineStream } from "./text_lines.ts";
import type { Precision } from "../../../train/backend.ts";
import { collect } from "../../../train/data/collect.ts";
import { syntheticSource } from "../../../train/data/sources/synthetic.ts";
import { saveDataset } from "../../../train/dataset.ts";
import { openEngine } from "../../../train/engine/engine.ts";
import {
  initialWeights,
  summarizeNetwork,
} from "../../../train/network/parameters.ts";
import { conditionLayout } from "../../../train/condition_layout.ts";
import { emojiNotebook } from "../../../train/presets/emoji_notebook.ts";

const [precision, workers] = Deno.args;
const config = { ...emojiNotebook, batch: 64 };
const data = await Deno.makeTempDir();
const source = syntheticSource({ count: 256 });
const { dataset } = await collect(source, { size: 32, encoding: "rgb" });
await saveDataset(data, dataset);
const { size, parameters } = summarizeNetwork(
  config.network,
  config.size,
  conditionLayout(dataset.manifest.vocabularies).size,
);
const engine = await openEngine({
  config,
  parameters: size,
  data,
  backend: "native",
  precision: precision as Precision,
  workers: Number(workers),
  threads: 1,
});
engine.memory.weights.set(initialWeights(parameters, config.seed));
await Deno.remove(data, { recursive: true });

let step = 0;
const lines = Deno.stdin.readable.pipeThrough(new TextDecoderStream())
  .pipeThrough(new TextLineStream());
for await (const line of lines) {
  await engine.train(step, step + 1);
  step++;
  const begun = performance.now();
  const first = step;
  while (performance.now() - begun < Number(line) * 1000) {
    await engine.train(step, step + 1);
    step++;
  }
  const seconds = (performance.now() - begun) / 1000;
  const imagesPerSecond = (step - first) * config.batch / seconds;
  console.log(JSON.stringify({ imagesPerSecond }));
}
Deno.exit(0);

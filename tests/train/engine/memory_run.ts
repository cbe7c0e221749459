/**
 * Trains 2,000 small steps on the backend that is named and prints what memory it
 * took on the way. A program of its own, so that the memory is that of training alone.
 *
 * @module
 */

import type { BackendName } from "../../../train/backend.ts";
import { emoji } from "../../../train/presets/emoji.ts";
import { tinyDataset, tinyEngine, tinyRun } from "../tiny_run.ts";

const [STEPS, PARTS] = [2000, 40];

const { dir, dataset, clean } = await tinyDataset();
const engine = await tinyEngine(dir, dataset, {
  backend: Deno.args[0] as BackendName,
  config: {
    ...tinyRun,
    network: {
      ...emoji.network,
      channels: [8],
      blocks: [1],
      embedding: 16,
      canvasHidden: 16,
    },
    batch: 16,
  },
});
const rss: number[] = [];
const tensors: number[] = [];
for (let part = 0; part < PARTS; part++) {
  const from = part * STEPS / PARTS;
  const result = await engine.train(from, from + STEPS / PARTS);
  tensors.push(result.tensors);
  rss.push(Deno.memoryUsage().rss);
}
console.log(JSON.stringify({ rss, tensors }));
engine.close();
await clean();
Deno.exit(0);

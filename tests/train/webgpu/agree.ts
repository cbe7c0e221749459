/**
 * Prints how far 200 training steps on WebGPU and on WASM differ, or that there is no adapter. A program of its own:
 * a software adapter and TensorFlow's library each bring an LLVM, and one process does not survive both.
 *
 * @module
 */

import { findAdapter } from "../../../train/webgpu/backend.ts";
import { largestDifference, tinyDataset, tinyEngine } from "../tiny_run.ts";

if (Deno.args.includes("--probe") || !await findAdapter()) {
  console.log(JSON.stringify({ adapter: await findAdapter() ?? null }));
  Deno.exit(0);
}
const { dir, dataset, clean } = await tinyDataset();
const wasm = await tinyEngine(dir, dataset);
const webgpu = await tinyEngine(dir, dataset, { backend: "webgpu" });
const a = await webgpu.train(0, 200);
const b = await wasm.train(0, 200);
console.log(JSON.stringify({
  description: webgpu.description,
  steps: a.losses.length,
  difference: largestDifference(a.losses, b.losses),
  tensors: a.tensors,
}));
await clean();
Deno.exit(0);

/**
 * Prints, for every layer, its slopes on WebGPU by finite differences and by the gradient. A program of its own: a
 * software adapter and TensorFlow's library each bring an LLVM, and one process does not survive both.
 *
 * @module
 */

import { openBackend } from "../../../train/backend.ts";
import { LAYERS, layerSlopes } from "../network/layer_slopes.ts";

const { kernels } = await openBackend("webgpu");
for (const [name, layer] of Object.entries(LAYERS)) {
  const slopes = await layerSlopes(layer, kernels);
  console.log(JSON.stringify({ name, slopes }));
}
Deno.exit(0);

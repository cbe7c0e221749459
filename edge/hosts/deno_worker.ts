/**
 * A thread of the Deno host: loads the models that its name says, then draws.
 *
 * @module
 */

/// <reference lib="deno.worker" />

import { wasmEngine } from "../engines/wasm.ts";
import { localRenderer } from "../render/local_renderer.ts";
import { readModelFolders } from "../models/model_folder.ts";
import { servePool, type WorkerPort } from "../render/pool_worker.ts";

const port = globalThis as unknown as WorkerPort & { name: string };
const { modelsDir } = JSON.parse(port.name) as { modelsDir: string };

servePool(
  port,
  localRenderer(async () => {
    const folders = await readModelFolders(modelsDir);
    return await Promise.all(folders.map(async ({ config, readOnnx }) => ({
      config,
      engine: await wasmEngine(config, await readOnnx()),
    })));
  }),
);

/**
 * A thread of the Deno host: loads the models that its name says, then draws.
 *
 * @module
 */

/// <reference lib="deno.worker" />

import { denoEngine } from "../engines/deno_engine.ts";
import type { EngineClass } from "../engines/engine.ts";
import { loadModels } from "../models/load_models.ts";
import { localRenderer } from "../render/local_renderer.ts";
import { readModelFolders } from "../models/model_folder.ts";
import { servePool, type WorkerPort } from "../render/pool_worker.ts";
import { yieldToOthers } from "./yield_to_others.ts";

/** What the name of a thread says, as JSON. */
export interface WorkerSettings {
  /** Folder with the models. */
  readonly modelsDir: string;
  /** What runs their networks. */
  readonly engine: EngineClass;
  /** Threads of a network, for the native engine. */
  readonly threads: number;
}

yieldToOthers();

const port = globalThis as unknown as WorkerPort & { name: string };
const { modelsDir, engine, threads } = JSON.parse(port.name) as WorkerSettings;

servePool(
  port,
  localRenderer(async () => {
    const makeEngine = denoEngine(engine, threads);
    makeEngine.catch(() => {}); // heard of below
    return await loadModels(await readModelFolders(modelsDir), makeEngine);
  }),
);

/**
 * Serves the models on Deno: `deno task start`.
 *
 * @module
 */

import { fileURLToPath } from "node:url";
import { type App, createApp } from "../app.ts";
import { readConfig, type ServerConfig } from "../config.ts";
import type { PictureDecoder } from "../edits/decode.ts";
import {
  decodingThread,
  type DecodingWorker,
} from "../edits/decoding_thread.ts";
import {
  DENO_ENGINES,
  denoEngine,
  threadsPerWorker,
} from "../engines/deno_engine.ts";
import { loadModels } from "../models/load_models.ts";
import { localRenderer } from "../render/local_renderer.ts";
import { type ModelFolder, readModelFolders } from "../models/model_folder.ts";
import { type DrawingWorker, poolRenderer } from "../render/pool_renderer.ts";
import type { Renderer } from "../render/renderer.ts";
import { modelFiles } from "../site/model_files.ts";
import { readSiteFolder } from "../site/site_folder.ts";
import { withSite } from "../site/with_site.ts";
import { appSettings, clientOf } from "./app_settings.ts";
import type { WorkerSettings } from "./deno_worker.ts";
import { GRACE_MS, LEAVE_MS } from "./leave.ts";
import { listen, type Listener } from "./listen.ts";
import { helpAsked, settings } from "./settings.ts";

/** Where `deno task build:site` writes. */
const SITE = fileURLToPath(new URL("../../dist/site", import.meta.url));

/** Loads the models, listens, and stops when told to. */
async function main(): Promise<void> {
  const help = helpAsked(Deno.args);
  if (help !== undefined) return console.log(help);
  const setting = settings(Deno.args, (name) => Deno.env.get(name));
  const config = readConfig(setting, {
    modelsDir: fileURLToPath(new URL("../../models", import.meta.url)),
    workers: Math.min(4, navigator.hardwareConcurrency),
    engines: DENO_ENGINES,
  });
  const folders = await readModelFolders(config.modelsDir, config.model);
  const renderer = startRenderer(config, folders);
  const app = createApp({
    models: folders.map((folder) => ({ ...folder, engine: config.engine })),
    renderer,
    ...appSettings(config),
    decode: startDecoder(config),
  });
  const site = withSite(
    app,
    new Map([
      ...await readSiteFolder(SITE),
      ...modelFiles(folders),
    ]),
  );
  const server = listen({
    port: config.port,
    hostname: config.host,
    onListen: (port) =>
      console.log(
        `Drawing at http://${config.host}:${port}/emoji?seed=42 (${
          folders.map(({ config }) => config.name).join(", ")
        }; ${config.engine}, ${config.workers} workers)`,
      ),
    handler: (request, { remoteAddr }) =>
      site.fetch(
        request,
        clientOf(request.headers, remoteAddr.hostname, config),
      ),
  });
  for (const name of ["SIGINT", "SIGTERM"] as const) {
    Deno.addSignalListener(name, () => stop(app, server));
  }
  await Promise.race([renderer.ready, server.finished]);
  await server.finished;
  await renderer.close();
}

/** Draws in threads of their own, or in this one. */
function startRenderer(
  { engine, workers, modelsDir }: ServerConfig,
  folders: readonly ModelFolder[],
): Renderer {
  const threads = threadsPerWorker(workers);
  if (workers === 0) {
    return localRenderer(() =>
      loadModels(folders, denoEngine(engine, threads))
    );
  }
  const order: WorkerSettings = { modelsDir, engine, threads };
  const spawn = () =>
    new Worker(new URL("./deno_worker.ts", import.meta.url), {
      type: "module",
      name: JSON.stringify(order),
    }) as unknown as DrawingWorker;
  return poolRenderer({ spawn, size: workers });
}

/** Decodes uploads where it draws. Codecs are loaded by the first upload, not at the start. */
function startDecoder({ workers }: ServerConfig): PictureDecoder {
  if (workers === 0) {
    return async (...picture) =>
      (await import("../edits/codec_files.ts")).decodePicture(...picture);
  }
  return decodingThread(() =>
    new Worker(new URL("./deno_decoder.ts", import.meta.url), {
      type: "module",
    }) as unknown as DecodingWorker
  );
}

/** Says that it is not ready, then takes no more requests, lets those under way finish for a while, then ends. */
function stop(app: App, server: Listener): void {
  app.drain();
  Deno.unrefTimer(setTimeout(() => server.shutdown(), LEAVE_MS));
  Deno.unrefTimer(setTimeout(() => Deno.exit(0), GRACE_MS));
}

if (import.meta.main) {
  try {
    await main();
    Deno.exit(0);
  } catch (error) {
    console.error((error as Error).message);
    Deno.exit(1);
  }
}

/**
 * Serves the models on Node; bundled by `deno task build node` into one file that needs no packages.
 *
 * @module
 */

import { serve } from "@hono/node-server";
import { env } from "onnxruntime-web";
import { readFile } from "node:fs/promises";
import process from "node:process";
import { fileURLToPath } from "node:url";
import { createApp } from "../app.ts";
import { readConfig } from "../config.ts";
import { wasmEngine } from "../engines/wasm.ts";
import { localRenderer } from "../render/local_renderer.ts";
import { readModelFolders } from "../models/model_folder.ts";
import { modelFiles } from "../site/model_files.ts";
import { readSiteFolder } from "../site/site_folder.ts";
import { withSite } from "../site/with_site.ts";
import { appSettings, clientOf } from "./app_settings.ts";

/** Milliseconds that requests have to finish after a signal to stop. */
const GRACE_MS = 5000;

/** A file or folder beside the bundle. */
function beside(name: string): string {
  return fileURLToPath(new URL(name, import.meta.url));
}

/** Loads the models, listens, and stops when told to. */
async function main(): Promise<void> {
  const config = readConfig((name) => process.env[name], {
    modelsDir: beside("models"),
    workers: 0,
  });
  const folders = await readModelFolders(config.modelsDir, config.model);
  const renderer = localRenderer(async () => {
    env.wasm.wasmBinary = await readFile(beside("ort.wasm"));
    return await Promise.all(folders.map(async ({ config, readOnnx }) => ({
      config,
      engine: await wasmEngine(config, await readOnnx()),
    })));
  });
  const app = createApp({
    models: folders.map((folder) => ({ ...folder, engine: "wasm" as const })),
    renderer,
    ...appSettings(config),
  });
  const site = await readSiteFolder(beside("site"));
  const { fetch, drain } = withSite(
    app,
    new Map([...site, ...modelFiles(folders)]),
  );
  const server = serve(
    {
      fetch: (request, { incoming }) => {
        const address = incoming.socket.remoteAddress ?? "";
        return fetch(request, clientOf(request.headers, address, config));
      },
      port: config.port,
      hostname: config.host,
    },
    ({ port }) =>
      console.log(`Drawing at http://${config.host}:${port}/emoji?seed=42`),
  );
  for (const name of ["SIGINT", "SIGTERM"] as const) {
    process.once(name, () => {
      drain();
      server.close(() => process.exit(0));
      setTimeout(() => process.exit(0), GRACE_MS).unref();
    });
  }
  await renderer.ready;
}

main().catch((error: Error) => {
  console.error(error.message);
  process.exit(1);
});

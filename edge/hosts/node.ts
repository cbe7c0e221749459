/**
 * Serves the models on Node; bundled by `deno task build node` into one file that needs no packages.
 *
 * @module
 */

import { serve } from "@hono/node-server";
import { env } from "onnxruntime-web";
import { readFile } from "node:fs/promises";
import { availableParallelism } from "node:os";
import process from "node:process";
import { fileURLToPath } from "node:url";
import { createApp } from "../app.ts";
import { readConfig, type ServerConfig } from "../config.ts";
import { compileFile } from "../edits/compile_file.ts";
import { pictureDecoder } from "../edits/decode.ts";
import type { EngineFactory } from "../engines/engine.ts";
import { nativeEngine } from "../engines/native.ts";
import { wasmEngine } from "../engines/wasm.ts";
import { loadModels } from "../models/load_models.ts";
import { localRenderer } from "../render/local_renderer.ts";
import { readModelFolders } from "../models/model_folder.ts";
import { modelFiles } from "../site/model_files.ts";
import { readSiteFolder } from "../site/site_folder.ts";
import { withSite } from "../site/with_site.ts";
import { appSettings, clientOf } from "./app_settings.ts";
import { GRACE_MS, LEAVE_MS } from "./leave.ts";
import { helpAsked, settings } from "./settings.ts";

/** A file or folder beside the bundle. */
function beside(name: string): string {
  return fileURLToPath(new URL(name, import.meta.url));
}

/** Loads the models, listens, and stops when told to. */
async function main(): Promise<void> {
  const args = process.argv.slice(2);
  const help = helpAsked(args);
  if (help !== undefined) return console.log(help);
  const setting = settings(args, (name) => process.env[name]);
  const config = readConfig(setting, {
    modelsDir: beside("models"),
    workers: 0,
    engines: ["wasm", "native"],
  });
  const folders = await readModelFolders(config.modelsDir, config.model);
  const renderer = localRenderer(() => loadModels(folders, engineOf(config)));
  const app = createApp({
    models: folders.map((folder) => ({ ...folder, engine: config.engine })),
    renderer,
    decode: pictureDecoder((name) => compileFile(beside(`${name}.wasm`))),
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
      console.log(
        `Drawing at http://${config.host}:${port}/emoji?seed=42 (${
          folders.map(({ config }) => config.name).join(", ")
        }; ${config.engine})`,
      ),
  );
  for (const name of ["SIGINT", "SIGTERM"] as const) {
    process.once(name, () => {
      drain();
      setTimeout(() => server.close(() => process.exit(0)), LEAVE_MS);
      setTimeout(() => process.exit(0), GRACE_MS).unref();
    });
  }
  await renderer.ready;
}

/** Loads what runs networks. */
async function engineOf({ engine }: ServerConfig): Promise<EngineFactory> {
  if (engine === "native") return nativeEngine(availableParallelism());
  env.wasm.wasmBinary = await readFile(beside("ort.wasm"));
  return wasmEngine;
}

main().catch((error: Error) => {
  console.error(error.message);
  process.exit(1);
});

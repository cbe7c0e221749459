/**
 * The API as a module with a `fetch`, for `deno serve`; with `--parallel` there is one for each core.
 * Draws in the thread that answers.
 *
 * @module
 */

import { fileURLToPath } from "node:url";
import { createApp } from "../app.ts";
import { readConfig } from "../config.ts";
import { DENO_ENGINES, denoEngine } from "../engines/deno_engine.ts";
import { loadModels } from "../models/load_models.ts";
import { localRenderer } from "../render/local_renderer.ts";
import { readModelFolders } from "../models/model_folder.ts";
import { modelFiles } from "../site/model_files.ts";
import { readSiteFolder } from "../site/site_folder.ts";
import { withSite } from "../site/with_site.ts";
import { appSettings, clientOf } from "./app_settings.ts";

/** A file or folder of the repository. */
function path(name: string): string {
  return fileURLToPath(new URL(`../../${name}`, import.meta.url));
}

const config = readConfig((name) => Deno.env.get(name), {
  modelsDir: path("models"),
  workers: 0,
  engines: DENO_ENGINES,
});
const folders = await readModelFolders(config.modelsDir, config.model);
const app = createApp({
  models: folders.map((folder) => ({ ...folder, engine: config.engine })),
  renderer: localRenderer(() =>
    loadModels(folders, denoEngine(config.engine, 1))
  ),
  decode: async (...picture) =>
    (await import("../edits/codec_files.ts")).decodePicture(...picture),
  ...appSettings(config),
});
const site = withSite(
  app,
  new Map([...await readSiteFolder(path("dist/site")), ...modelFiles(folders)]),
);

export default {
  fetch(request, { remoteAddr }) {
    const address = "hostname" in remoteAddr ? remoteAddr.hostname : "";
    return site.fetch(request, clientOf(request.headers, address, config));
  },
} satisfies Deno.ServeDefaultExport;

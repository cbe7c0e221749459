/**
 * Serves the models on Deno: `deno task start`.
 *
 * @module
 */

import { fileURLToPath } from "node:url";
import { createApp } from "../app.ts";
import { readConfig } from "../config.ts";
import { wasmEngine } from "../engines/wasm.ts";
import { localRenderer } from "../local_renderer.ts";
import { readModelFolders } from "../model_folder.ts";
import { modelFiles } from "../site/model_files.ts";
import { readSiteFolder } from "../site/site_folder.ts";
import { withSite } from "../site/with_site.ts";

/** Loads the models, listens, and stops when told to. */
async function main(): Promise<void> {
  const config = readConfig((name) => Deno.env.get(name), {
    modelsDir: fileURLToPath(new URL("../../models", import.meta.url)),
  });
  const folders = await readModelFolders(config.modelsDir, config.model);
  const renderer = localRenderer(() =>
    Promise.all(folders.map(async ({ config, readOnnx }) => ({
      config,
      engine: await wasmEngine(config, await readOnnx()),
    })))
  );
  const app = createApp({
    models: folders.map((folder) => ({ ...folder, engine: "wasm" as const })),
    renderer,
    cacheBytes: config.cacheBytes,
  });
  const site = await readSiteFolder(
    fileURLToPath(new URL("../../dist/site", import.meta.url)),
  );
  const { fetch } = withSite(app, new Map([...site, ...modelFiles(folders)]));
  const server = Deno.serve({
    port: config.port,
    hostname: config.host,
    onListen: ({ port }) =>
      console.log(`Drawing at http://${config.host}:${port}/emoji?seed=42`),
  }, fetch);

  for (const name of ["SIGINT", "SIGTERM"] as const) {
    Deno.addSignalListener(name, () => server.shutdown());
  }
  await renderer.ready;
  await server.finished;
  await renderer.close();
}

if (import.meta.main) {
  try {
    await main();
  } catch (error) {
    console.error((error as Error).message);
    Deno.exit(1);
  }
}

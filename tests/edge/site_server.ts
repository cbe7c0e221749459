import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createApp } from "../../edge/app.ts";
import { stopBundler } from "../../edge/build/bundle.ts";
import { buildSite } from "../../edge/build/site.ts";
import { decodePicture } from "../../edge/edits/codec_files.ts";
import { wasmEngine } from "../../edge/engines/wasm.ts";
import { localRenderer } from "../../edge/render/local_renderer.ts";
import { modelFiles } from "../../edge/site/model_files.ts";
import { readSiteFolder } from "../../edge/site/site_folder.ts";
import { slicesOf } from "../../edge/site/slices.ts";
import { withSite } from "../../edge/site/with_site.ts";
import { tinyModel } from "./tiny_model.ts";

/** A server of the whole site, with the tiny model. */
export interface SiteServer extends AsyncDisposable {
  /** Where it listens, ending in a slash. */
  readonly url: string;
}

/** Builds the site and serves it on a free port. */
export async function startSite(): Promise<SiteServer> {
  const dir = await mkdtemp(join(tmpdir(), "emoji-site-"));
  await buildSite(dir);
  await stopBundler();
  const { config, configText, onnx } = tinyModel();
  const renderer = localRenderer(async () => [{
    config,
    engine: await wasmEngine(config, onnx),
  }]);
  const app = createApp({
    models: [{ config, configText, engine: "wasm" }],
    renderer,
    decode: decodePicture,
  });
  const site = new Map([
    ...await readSiteFolder(dir),
    ...modelFiles([{
      config,
      configText,
      readSlice: (_, start, end) => slicesOf(onnx).read(start, end),
    }]),
  ]);
  const { fetch } = withSite(app, site);
  const server = Deno.serve(
    { port: 0, onListen() {} },
    (request) => fetch(request),
  );
  return {
    url: `http://localhost:${server.addr.port}/`,
    async [Symbol.asyncDispose]() {
      await server.shutdown();
      await renderer.close();
      await rm(dir, { recursive: true });
    },
  };
}

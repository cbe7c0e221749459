import {
  type ModelFile,
  parseModelConfig,
} from "@emoji/diffusion/model-config";
import { type App, createApp } from "../app.ts";
import { readConfig } from "../config.ts";
import { type CodecName, pictureDecoder } from "../edits/decode.ts";
import { useCompiledOrt } from "../engines/compiled_ort.ts";
import { wasmEngine } from "../engines/wasm.ts";
import { loadModels } from "../models/load_models.ts";
import { localRenderer } from "../render/local_renderer.ts";
import { modelFiles } from "../site/model_files.ts";
import { withSite } from "../site/with_site.ts";
import { appSettings } from "./app_settings.ts";
import { clientKey } from "./client_key.ts";

/** What the bundle holds beside code. */
export interface WorkerParts {
  /** onnxruntime's WebAssembly module. */
  readonly ort: WebAssembly.Module;
  /** What reads uploaded pictures. */
  readonly codecs: Readonly<Record<CodecName, WebAssembly.Module>>;
  /** The models, the default one first: text of `config.json`, and the networks' bytes by the names of their files. */
  readonly models: readonly {
    readonly configText: string;
    readonly networks: Readonly<Record<string, ArrayBuffer>>;
  }[];
}

/** The part of a Worker's execution context that we need. */
interface Context {
  waitUntil(work: Promise<unknown>): void;
}

/** A Cloudflare Worker. */
export interface Worker {
  /** Answers a request. */
  fetch(
    request: Request,
    env: Readonly<Record<string, unknown>>,
    context: Context,
  ): Promise<Response>;
}

/**
 * The API as a Cloudflare Worker. Nothing happens before the first request, since Workers may not draw random numbers or
 * wait outside of one.
 */
export function createWorker(
  { ort, codecs, models }: WorkerParts,
): Worker {
  let app: App | undefined;

  function start(env: Readonly<Record<string, unknown>>): App {
    const config = readConfig((name) => {
      const value = env[name];
      return typeof value === "string" ? value : undefined;
    }, { modelsDir: "", workers: 0 });
    const parsed = models.map((model) => ({
      ...model,
      config: parseModelConfig(model.configText),
    }));
    useCompiledOrt(ort);
    const files = parsed.map((model) => ({
      ...model,
      readOnnx: ({ file } = model.config.model) =>
        Promise.resolve(new Uint8Array(model.networks[file]!)),
      readSlice: ({ file }: ModelFile, start: number, end: number) =>
        Promise.resolve(
          new Uint8Array(model.networks[file]!.slice(start, end)),
        ),
    }));
    const api = createApp({
      models: parsed.map((model) => ({ ...model, engine: "wasm" })),
      renderer: localRenderer(() => loadModels(files, wasmEngine)),
      decode: pictureDecoder((name) => Promise.resolve(codecs[name])),
      ...appSettings(config),
    });
    // The rest of the site is served by the platform
    return withSite(api, modelFiles(files));
  }

  return {
    async fetch(request, env, context) {
      app ??= start(env);
      const address = request.headers.get("cf-connecting-ip") ?? "";
      const response = app.fetch(request, clientKey(address));
      // A run may be shared with other requests, so it must survive the client that began it
      context.waitUntil(response);
      return await response;
    },
  };
}

import { filesOf, parseModelConfig } from "@emoji/diffusion/model-config";
import { type App, createApp } from "../app.ts";
import { type CodecName, pictureDecoder } from "../edits/decode.ts";
import { useCompiledOrt } from "../engines/compiled_ort.ts";
import type { EngineClass, EngineFactory } from "../engines/engine.ts";
import { sha256 } from "../http/sha256.ts";
import { loadModels } from "../models/load_models.ts";
import { localRenderer } from "../render/local_renderer.ts";
import { download, type Progress } from "./download.ts";

/** Options for {@linkcode loadApp}. */
export interface LoadAppOptions {
  /** Class of the engine. */
  engine: EngineClass;
  /** Makes it. */
  makeEngine: EngineFactory;
  /** URL of the server whose model is to be used, ending in a slash. */
  server: string;
  /** URL of onnxruntime's WebAssembly file. */
  ort: string;
  /** URLs of the codecs' WebAssembly files. */
  codecs: Readonly<Record<CodecName, string>>;
  /** Name of the model; the server's default if absent. */
  model?: string | undefined;
  /** Told how much has been downloaded. */
  onProgress?: (progress: Progress) => void;
}

/**
 * Loads onnxruntime and a model from a server and makes the server's app of them, here: the same URLs have the same
 * answers.
 *
 * @returns The app, ready to draw, and the model's name.
 * @throws {Error} If the server cannot be reached or the network is not what its config says.
 */
export async function loadApp(
  options: LoadAppOptions,
): Promise<{ app: App; model: string }> {
  const { engine, makeEngine, server, ort, codecs, onProgress } = options;
  const name = options.model ?? await defaultModel(server);
  const folder = new URL(`models/${name}/`, server);
  const configText = await (await get(new URL("config.json", folder))).text();
  const config = parseModelConfig(configText);
  const files = filesOf(config);
  const loaded = files.map(() => 0);
  const total = files.reduce((sum, { bytes }) => sum + bytes, 0);
  const [module, ...networks] = await Promise.all([
    WebAssembly.compileStreaming(get(new URL(ort, server))),
    ...files.map(async ({ file, bytes, sha256: wanted }, k) => {
      const onnx = await download(await get(new URL(file, folder)), {
        total: bytes,
        onProgress(progress) {
          loaded[k] = progress.loaded;
          onProgress?.({ loaded: loaded.reduce((a, b) => a + b), total });
        },
      });
      await checkSum(onnx, wanted);
      return [file, onnx] as const;
    }),
  ]);
  useCompiledOrt(module);
  const bytesOf = new Map(networks);
  const readOnnx = ({ file } = config.model) =>
    Promise.resolve(bytesOf.get(file)!);
  const renderer = localRenderer(() =>
    loadModels([{ config, readOnnx }], makeEngine)
  );
  const app = createApp({
    models: [{ config, configText, engine }],
    renderer,
    decode: pictureDecoder((name) =>
      WebAssembly.compileStreaming(get(new URL(codecs[name], server)))
    ),
  });
  await renderer.ready;
  return { app, model: name };
}

/** The first of the server's models, which anybody may list. */
async function defaultModel(server: string): Promise<string> {
  const [model] = await (await get(new URL("models", server))).json();
  return model.name;
}

async function get(url: URL): Promise<Response> {
  const response = await fetch(url);
  if (!response.ok) {
    throw new Error(
      `Cannot load ${url} as the server must answer 200: current value is ${response.status}`,
    );
  }
  return response;
}

async function checkSum(
  bytes: Uint8Array<ArrayBuffer>,
  wanted: string,
): Promise<void> {
  const own = await sha256(bytes);
  if (own !== wanted) {
    throw new Error(
      `Cannot use network as its SHA-256 must be ${wanted}: current value is ${own}`,
    );
  }
}

import type { CodecName } from "../edits/decode.ts";

/** Where the build has put the files of an engine, relative to the server. */
interface EngineFiles {
  readonly worker: string;
  readonly ort: string;
}

/** Written by the build. */
declare const ENGINE_FILES: Readonly<Record<"wasm" | "webgpu", EngineFiles>>;
declare const CODEC_FILES: Readonly<Record<CodecName, string>>;

/**
 * Starts the worker of an engine.
 *
 * @param engine Which.
 * @param server URL of the server that has its files, ending in a slash.
 */
export function startWorker(
  engine: "wasm" | "webgpu",
  server: string,
): {
  worker: Worker;
  ort: string;
  codecs: Readonly<Record<CodecName, string>>;
} {
  const { worker, ort } = ENGINE_FILES[engine];
  const url = new URL(worker, server);
  return {
    worker: new Worker(
      url.origin === location.origin ? url : borrowed(url),
      { type: "module" },
    ),
    ort: new URL(ort, server).href,
    codecs: CODEC_FILES,
  };
}

/** A worker must come from the page's own origin, but may import what does not. */
function borrowed(url: URL): string {
  const source = `import ${JSON.stringify(url.href)};`;
  return URL.createObjectURL(new Blob([source], { type: "text/javascript" }));
}

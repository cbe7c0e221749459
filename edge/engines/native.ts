import { createRequire } from "node:module";
import type { EngineFactory } from "./engine.ts";
import native from "./native/deno.json" with { type: "json" };
import { type Ort, ortEngine } from "./ort_engine.ts";

/** The package and its version. */
const PACKAGE = native.imports["onnxruntime-node"].replace("npm:", "");

/** Where `deno task install:native` puts it. */
const FOLDER = new URL("./native/", import.meta.url);

/**
 * Runs networks in onnxruntime's own build for this machine, several times as fast as WebAssembly. Pictures look as those
 * of the other engines do, but are the same bytes only on machines of one kind.
 *
 * Needs the package onnxruntime-node, which is large and so not among the dependencies.
 *
 * @param threads Threads of a network, at least 1.
 * @param folder Where to look for the package; the folders above it count too.
 * @returns Makes engines.
 * @throws {Error} If the package is not installed or may not be loaded; the message says what to do.
 */
export function nativeEngine(
  threads: number,
  folder: URL = FOLDER,
): EngineFactory {
  const ort = loadOrt(folder);
  return (shape, onnx) =>
    ortEngine(ort, shape, onnx, {
      class: "native",
      session: {
        executionProviders: ["cpu"],
        intraOpNumThreads: threads,
        interOpNumThreads: 1,
      },
    });
}

function loadOrt(folder: URL): Ort {
  try {
    return createRequire(folder)("onnxruntime-node");
  } catch (cause) {
    const { code, name, message } = cause as Error & { code?: string };
    const why = code === "MODULE_NOT_FOUND"
      ? `onnxruntime-node must be installed: run "deno task install:native", or "npm install --ignore-scripts ${PACKAGE}" beside a bundle`
      : name === "NotCapable"
      ? 'Deno must be allowed to load native code: run "deno task start:native"'
      : `onnxruntime-node must work on this machine: ${message}`;
    throw new Error(`Cannot use the native engine as ${why}`, { cause });
  }
}

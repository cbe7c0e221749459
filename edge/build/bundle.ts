import { build, type BuildOptions, type BuildResult, stop } from "esbuild";
import { readFileSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

/** The root of the repository. */
export const ROOT = fileURLToPath(new URL("../../", import.meta.url));

/** The WebAssembly files of onnxruntime-web, by build. */
export const ORT_FILES = {
  wasm: ortFile("ort-wasm-simd-threaded.wasm"),
  jspi: ortFile("ort-wasm-simd-threaded.jspi.wasm"),
};

/** Version of onnxruntime-web. */
export const ORT_VERSION: string = JSON.parse(
  readFileSync(join(ORT_FILES.wasm, "../../package.json"), "utf8"),
).version;

function ortFile(name: string): string {
  return fileURLToPath(import.meta.resolve(`onnxruntime-web/${name}`));
}

/** Options for building a host. */
export interface BuildHostOptions {
  /** Folder to write to; what it held is removed. */
  outdir: string;
  /** Folder with the models. */
  modelsDir: string;
  /** Name of the default model. */
  model?: string | undefined;
}

/**
 * Bundles modules of this repository into self-contained ES modules.
 *
 * @param options Whatever esbuild knows.
 * @returns esbuild's result, with its metafile.
 */
export async function bundle(
  options: BuildOptions,
): Promise<BuildResult<BuildOptions & { metafile: true }>> {
  return await build({
    bundle: true,
    minify: true,
    format: "esm",
    target: "es2024",
    platform: "browser",
    conditions: ["worker", "browser", "import"],
    charset: "utf8",
    legalComments: "none",
    absWorkingDir: ROOT,
    logLevel: "warning",
    ...options,
    alias: {
      ...await sharedModules(),
      // esbuild takes an alias for a prefix too, so the longer name comes first
      "onnxruntime-web/jspi": "onnxruntime-web/jspi",
      "onnxruntime-web": "onnxruntime-web/wasm",
      ...options.alias,
    },
    metafile: true,
  });
}

/** What esbuild cannot know: the workspace member that the repository calls `@emoji/diffusion`. */
async function sharedModules(): Promise<Record<string, string>> {
  const text = await readFile(`${ROOT}shared/deno.json`, "utf8");
  const { name, exports } = JSON.parse(text) as {
    name: string;
    exports: Record<string, string>;
  };
  // longer names first here too
  return Object.fromEntries(
    Object.entries(exports)
      .map(([path, file]) => [name + path.slice(1), `${ROOT}shared/${file}`])
      .sort(([a], [b]) => b!.length - a!.length),
  );
}

/** Ends esbuild's process, so that the program can end. */
export async function stopBundler(): Promise<void> {
  await stop();
}

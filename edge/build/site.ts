import { createHash } from "node:crypto";
import { copyFile, mkdir, readFile, rm, writeFile } from "node:fs/promises";
import { CODEC_FILES } from "../edits/codec_files.ts";
import { siteHeaders } from "../site/site.ts";
import { bundle, ORT_FILES, ORT_VERSION, ROOT } from "./bundle.ts";

/** Where the files of an engine are, relative to the site. */
type EngineFiles = Record<"wasm" | "webgpu", { worker: string; ort: string }>;

const HASHED_NAMES = "assets/[name]-[hash]";

/**
 * Builds what browsers load: the playground, the library `emoji.js`, and a worker and an onnxruntime for each engine.
 *
 * @param outdir Folder to write to; what it held is replaced.
 */
export async function buildSite(outdir: string): Promise<void> {
  await rm(`${outdir}/assets`, { recursive: true, force: true });
  await mkdir(`${outdir}/assets`, { recursive: true });
  const [wasm, webgpu, codecs] = await Promise.all([
    buildEngine(outdir, "edge/browser/wasm_worker.ts", "wasm"),
    buildEngine(outdir, "edge/browser/webgpu_worker.ts", "jspi"),
    copyCodecs(outdir),
  ]);
  const define = {
    ENGINE_FILES: JSON.stringify({ wasm, webgpu } satisfies EngineFiles),
    CODEC_FILES: JSON.stringify(codecs),
  };
  const [page] = await Promise.all([
    buildFiles(outdir, {
      entryPoints: [
        "edge/playground/playground.ts",
        "edge/playground/playground.css",
      ],
      entryNames: HASHED_NAMES,
      define,
    }),
    buildFiles(outdir, {
      entryPoints: { emoji: "edge/browser/mod.ts" },
      define,
    }),
    copyFile(`${ROOT}edge/playground/icon.svg`, `${outdir}/icon.svg`),
  ]);
  let html = await readFile(`${ROOT}edge/playground/index.html`, "utf8");
  for (const [source, built] of page) {
    html = html.replace(source.replace("edge/playground/", "./"), `/${built}`);
  }
  await writeFile(`${outdir}/index.html`, html);
  await writeFile(`${outdir}/_headers`, headersFile());
}

/** Builds the worker of an engine and copies its onnxruntime. */
async function buildEngine(
  outdir: string,
  entry: string,
  ort: keyof typeof ORT_FILES,
): Promise<{ worker: string; ort: string }> {
  const name = `assets/ort-${ort}-${ORT_VERSION}.wasm`;
  const [built] = await Promise.all([
    buildFiles(outdir, { entryPoints: [entry], entryNames: HASHED_NAMES }),
    copyFile(ORT_FILES[ort], `${outdir}/${name}`),
  ]);
  return { worker: built.get(entry)!, ort: name };
}

/** Copies the codecs for uploads; returns the path of each, relative to the site. */
async function copyCodecs(outdir: string): Promise<Record<string, string>> {
  const paths: Record<string, string> = {};
  for (const [name, file] of Object.entries(CODEC_FILES)) {
    const hash = createHash("sha256").update(await readFile(file));
    const path = `assets/${name}-${hash.digest("hex").slice(0, 8)}.wasm`;
    await copyFile(file, `${outdir}/${path}`);
    paths[name] = path;
  }
  return paths;
}

/** Bundles; returns the path of each output, relative to the site, by its entry. */
async function buildFiles(
  outdir: string,
  options: Parameters<typeof bundle>[0],
): Promise<Map<string, string>> {
  const { metafile } = await bundle({ outdir, ...options });
  const files = new Map<string, string>();
  for (const [path, { entryPoint }] of Object.entries(metafile.outputs)) {
    if (entryPoint === undefined) continue;
    const absolute = new URL(path, `file://${ROOT}`).pathname;
    files.set(entryPoint, absolute.slice(outdir.length + 1));
  }
  return files;
}

/** Headers of the files for hosts that serve them without asking the app. */
function headersFile(): string {
  const rules = {
    "/": siteHeaders({ type: "text/html", immutable: false }),
    "/assets/*": siteHeaders({ type: "", immutable: true }),
    "/emoji.js": siteHeaders({ type: "", immutable: false }),
  };
  return Object.entries(rules).map(([path, headers]) => {
    const { "content-type": _, ...own } = headers;
    const lines = Object.entries(own).map(([name, value]) =>
      `  ${name}: ${value}\n`
    );
    return `${path}\n${lines.join("")}`;
  }).join("\n");
}

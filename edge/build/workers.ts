import { readModelFolders } from "../models/model_folder.ts";
import { CODEC_FILES } from "../edits/codec_files.ts";
import { copyFile, mkdir, rm, writeFile } from "node:fs/promises";
import { type BuildHostOptions, bundle, ORT_FILES, ROOT } from "./bundle.ts";

/**
 * Builds the Cloudflare Worker: `worker.js` and, as modules beside it, onnxruntime and the models.
 *
 * @throws {Error} If there is no model, or one is not what its config says.
 */
export async function buildWorkers(options: BuildHostOptions): Promise<void> {
  const { outdir, modelsDir, model } = options;
  await rm(outdir, { recursive: true, force: true });
  await mkdir(outdir, { recursive: true });
  const folders = await readModelFolders(modelsDir, model);
  for (const { config, configText, readOnnx } of folders) {
    await writeFile(`${outdir}/${config.name}.onnx`, await readOnnx());
    await writeFile(`${outdir}/${config.name}.config.json`, configText);
  }
  await copyFile(ORT_FILES.wasm, `${outdir}/ort.wasm`);
  for (const [name, path] of Object.entries(CODEC_FILES)) {
    await copyFile(path, `${outdir}/${name}.wasm`);
  }
  const names = folders.map(({ config }) => config.name);
  await bundle({
    stdin: { contents: entry(names), resolveDir: ROOT },
    external: ["./*.wasm", "./*.onnx", "./*.config.json"],
    outfile: `${outdir}/worker.js`,
  });
}

/** The module that names the files, which only Workers can import. */
function entry(names: readonly string[]): string {
  const imports = names.map((name, k) => `
    import onnx${k} from ${JSON.stringify(`./${name}.onnx`)};
    import config${k} from ${JSON.stringify(`./${name}.config.json`)};`);
  const models = names.map((_, k) =>
    `{ configText: config${k}, onnx: onnx${k} }`
  );
  return `
    import { createWorker } from "./edge/hosts/workers.ts";
    import ort from "./ort.wasm";
    import png from "./png.wasm";
    import jpeg from "./jpeg.wasm";
    import webp from "./webp.wasm";
    ${imports.join("")}
    export default createWorker({
      ort, codecs: { png, jpeg, webp }, models: [${models}],
    });`;
}

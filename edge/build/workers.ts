import {
  filesOf,
  type ModelConfig,
  type ModelFile,
} from "@emoji/diffusion/model-config";
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
    await writeFile(`${outdir}/${config.name}.config.json`, configText);
    for (const model of filesOf(config)) {
      await writeFile(`${outdir}/${moduleOf(model)}`, await readOnnx(model));
    }
  }
  await copyFile(ORT_FILES.wasm, `${outdir}/ort.wasm`);
  for (const [name, path] of Object.entries(CODEC_FILES)) {
    await copyFile(path, `${outdir}/${name}.wasm`);
  }
  const configs = folders.map(({ config }) => config);
  await bundle({
    stdin: { contents: entry(configs), resolveDir: ROOT },
    external: ["./*.wasm", "./*.onnx", "./*.config.json"],
    outfile: `${outdir}/worker.js`,
  });
}

/** Module of a network; models that share one share its module. */
function moduleOf({ sha256 }: ModelFile): string {
  return `${sha256.slice(0, 16)}.onnx`;
}

/** The module that names the files, which only Workers can import. */
function entry(configs: readonly ModelConfig[]): string {
  const modules = [
    ...new Set(configs.flatMap((config) => filesOf(config).map(moduleOf))),
  ];
  const networks = modules.map((module, k) =>
    `import network${k} from ${JSON.stringify(`./${module}`)};`
  );
  const texts = configs.map(({ name }, k) =>
    `import config${k} from ${JSON.stringify(`./${name}.config.json`)};`
  );
  const models = configs.map((config, k) => {
    const files = filesOf(config).map((model) =>
      `${JSON.stringify(model.file)}: network${
        modules.indexOf(moduleOf(model))
      }`
    );
    return `{ configText: config${k}, networks: { ${files.join(", ")} } }`;
  });
  return `
    import { createWorker } from "./edge/hosts/workers.ts";
    import ort from "./ort.wasm";
    import png from "./png.wasm";
    import jpeg from "./jpeg.wasm";
    import webp from "./webp.wasm";
    ${[...networks, ...texts].join("\n")}
    export default createWorker({
      ort, codecs: { png, jpeg, webp }, models: [${models}],
    });`;
}

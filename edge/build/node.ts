import { filesOf } from "@emoji/diffusion/model-config";
import { copyFile, mkdir, rm, writeFile } from "node:fs/promises";
import { readModelFolders } from "../models/model_folder.ts";
import { CODEC_FILES } from "../edits/codec_files.ts";
import { type BuildHostOptions, bundle, ORT_FILES } from "./bundle.ts";
import { buildSite } from "./site.ts";

/** The one thing that we use and Node 20 lacks. */
const WITH_RESOLVERS =
  "Promise.withResolvers ??= function(){let resolve,reject;const promise=new this((a,b)=>{resolve=a;reject=b});return{promise,resolve,reject}};";

/**
 * Builds a folder that Node runs as it is: `server.mjs`, onnxruntime, the models and the site.
 *
 * @throws {Error} If there is no model, or one is not what its config says.
 */
export async function buildNode(options: BuildHostOptions): Promise<void> {
  const { outdir, modelsDir, model } = options;
  await rm(outdir, { recursive: true, force: true });
  await mkdir(outdir, { recursive: true });
  for (const folder of await readModelFolders(modelsDir, model)) {
    const { config, configText, readOnnx } = folder;
    const path = `${outdir}/models/${config.name}`;
    await mkdir(path, { recursive: true });
    await writeFile(`${path}/config.json`, configText);
    for (const model of filesOf(config)) {
      await writeFile(`${path}/${model.file}`, await readOnnx(model));
    }
  }
  await Promise.all([
    copyFile(ORT_FILES.wasm, `${outdir}/ort.wasm`),
    ...Object.entries(CODEC_FILES).map(([name, path]) =>
      copyFile(path, `${outdir}/${name}.wasm`)
    ),
    buildSite(`${outdir}/site`),
    bundle({
      entryPoints: ["edge/hosts/node.ts"],
      outfile: `${outdir}/server.mjs`,
      platform: "node",
      conditions: ["import"],
      target: "node20",
      banner: { js: WITH_RESOLVERS },
    }),
  ]);
}

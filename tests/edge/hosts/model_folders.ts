import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { tinyModel } from "../tiny_model.ts";

/** A temporary folder with tiny models in `models/`: one alone, and one with an upsampler. */
export interface TinyModels extends AsyncDisposable {
  /** The folder. */
  readonly root: string;
  /** Its `models`. */
  readonly modelsDir: string;
}

/** Writes tiny models to disk. */
export async function tinyModels(): Promise<TinyModels> {
  const root = await mkdtemp(join(tmpdir(), "emoji-host-"));
  const modelsDir = join(root, "models");
  for (const model of [tinyModel(), tinyModel("tiny-64", 2)]) {
    const { config, configText, onnx, upsampler } = model;
    const folder = join(modelsDir, config.name);
    await mkdir(folder, { recursive: true });
    await writeFile(join(folder, "config.json"), configText);
    await writeFile(join(folder, config.model.file), onnx);
    if (!config.upsampler) continue;
    await writeFile(join(folder, config.upsampler.model.file), upsampler);
  }
  return {
    root,
    modelsDir,
    [Symbol.asyncDispose]: () => rm(root, { recursive: true, force: true }),
  };
}

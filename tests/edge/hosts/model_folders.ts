import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { tinyModel } from "../tiny_model.ts";

/** A temporary folder with a tiny model in `models/`. */
export interface TinyModels extends AsyncDisposable {
  /** The folder. */
  readonly root: string;
  /** Its `models`. */
  readonly modelsDir: string;
}

/** Writes a tiny model to disk. */
export async function tinyModels(): Promise<TinyModels> {
  const root = await mkdtemp(join(tmpdir(), "emoji-host-"));
  const { config, configText, onnx } = tinyModel();
  const modelsDir = join(root, "models");
  const folder = join(modelsDir, config.name);
  await mkdir(folder, { recursive: true });
  await writeFile(join(folder, "config.json"), configText);
  await writeFile(join(folder, config.model.file), onnx);
  return {
    root,
    modelsDir,
    [Symbol.asyncDispose]: () => rm(root, { recursive: true, force: true }),
  };
}

import { createHash } from "node:crypto";
import { join } from "node:path";
import {
  type ModelConfig,
  type ModelFile,
  parseModelConfig,
} from "@emoji/diffusion/model-config";
import { writeAtomically } from "../write_atomically.ts";

/** An exported model as it lies on disk. */
export interface ModelFiles {
  /** Its `config.json`. */
  readonly config: ModelConfig;
  /** The bytes of its `model.onnx`. */
  readonly onnx: Uint8Array<ArrayBuffer>;
  /** Those of its upsampler, where it has one. */
  readonly upsampler?: Uint8Array<ArrayBuffer>;
}

/** Folder of a model that is named, or whose folder is given. */
export function modelFolder(
  { model, models }: { model: string; models: string },
): string {
  return /[\\/]/.test(model) ? model : join(models, model);
}

/** Name of the data set that a model was trained on. */
export function datasetOf({ training }: ModelConfig): string {
  return typeof training.data === "string" ? training.data : "emoji";
}

/**
 * Reads a model folder and checks that its networks are those its configuration speaks of.
 *
 * @param folder For example `models/emoji-32`.
 * @throws {Error} If a file is missing, damaged or of another model; the message names it.
 */
export async function readModelFolder(folder: string): Promise<ModelFiles> {
  const configPath = join(folder, "config.json");
  const text = new TextDecoder().decode(await read(configPath));
  const config = parseFile(configPath, text);
  const { model, upsampler } = config;
  return {
    config,
    onnx: await readNetwork(folder, model),
    ...(upsampler && { upsampler: await readNetwork(folder, upsampler.model) }),
  };
}

/** Writes a model folder; `config.json`, which names the others, comes last. */
export async function writeModelFolder(
  folder: string,
  { config, onnx, upsampler }: ModelFiles,
): Promise<void> {
  await Deno.mkdir(folder, { recursive: true });
  await writeAtomically(join(folder, config.model.file), onnx);
  if (config.upsampler && upsampler) {
    await writeAtomically(join(folder, config.upsampler.model.file), upsampler);
  }
  await writeAtomically(
    join(folder, "config.json"),
    JSON.stringify(config) + "\n",
  );
}

async function readNetwork(
  folder: string,
  { file, sha256: wanted }: ModelFile,
): Promise<Uint8Array<ArrayBuffer>> {
  const path = join(folder, file);
  const onnx = await read(path);
  const sha256 = createHash("sha256").update(onnx).digest("hex");
  if (sha256 !== wanted) {
    throw new Error(
      `Cannot use ${path} as its SHA-256 must be ${wanted}: current value is ${sha256}`,
    );
  }
  return onnx;
}

function parseFile(path: string, text: string): ModelConfig {
  try {
    return parseModelConfig(text);
  } catch (cause) {
    throw new Error(`Cannot use ${path}: ${(cause as Error).message}`, {
      cause,
    });
  }
}

async function read(path: string): Promise<Uint8Array<ArrayBuffer>> {
  try {
    return await Deno.readFile(path);
  } catch (cause) {
    throw new Error(
      `Cannot read model file ${path}: ${(cause as Error).message}`,
      { cause },
    );
  }
}

import { createHash } from "node:crypto";
import { join } from "node:path";
import {
  type ModelConfig,
  parseModelConfig,
} from "@emoji/diffusion/model-config";

/** An exported model as it lies on disk. */
export interface ModelFiles {
  /** Its `config.json`. */
  readonly config: ModelConfig;
  /** The bytes of its `model.onnx`. */
  readonly onnx: Uint8Array<ArrayBuffer>;
}

/**
 * Reads a model folder and checks that its network is the one its configuration speaks of.
 *
 * @param folder For example `models/emoji-32`.
 * @throws {Error} If a file is missing, damaged or of another model; the message names it.
 */
export async function readModelFolder(folder: string): Promise<ModelFiles> {
  const configPath = join(folder, "config.json");
  const text = new TextDecoder().decode(await read(configPath));
  const config = parseFile(configPath, text);
  const onnxPath = join(folder, config.model.file);
  const onnx = await read(onnxPath);
  const sha256 = createHash("sha256").update(onnx).digest("hex");
  if (sha256 !== config.model.sha256) {
    throw new Error(
      `Cannot use ${onnxPath} as its SHA-256 must be ${config.model.sha256}: current value is ${sha256}`,
    );
  }
  return { config, onnx };
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

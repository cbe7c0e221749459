import {
  drawnShape,
  type ModelConfig,
  type ModelFile,
  parseModelConfig,
} from "@emoji/diffusion/model-config";
import { pictureSize } from "@emoji/diffusion/image";
import { createHash } from "node:crypto";
import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";

/** A model on disk. */
export interface ModelFolder {
  /** Its config. */
  readonly config: ModelConfig;
  /** The text that the config was read from. */
  readonly configText: string;
  /** Reads one of the model's networks, the sampled one by default, and checks that it is the one the config speaks of. */
  readonly readOnnx: (file?: ModelFile) => Promise<Uint8Array<ArrayBuffer>>;
}

/**
 * Reads the config of every folder in `root` that has one: those of the largest pictures first, else in the order of
 * their names.
 *
 * @param root The folder `models/`.
 * @param first Name of the model to put first.
 * @throws {Error} If there is no model, or one cannot be used; the message names the file.
 */
export async function readModelFolders(
  root: string,
  first?: string,
): Promise<ModelFolder[]> {
  const entries = await readdir(root, { withFileTypes: true }).catch(
    (cause: Error) => {
      throw new Error(
        `Cannot read models as ${root} must be a folder: ${cause.message}`,
        { cause },
      );
    },
  );
  const names = entries.filter((entry) => entry.isDirectory()).map(({ name }) =>
    name
  ).sort();
  const folders: ModelFolder[] = [];
  for (const name of names) {
    const folder = await readModelFolder(join(root, name));
    if (folder !== undefined) folders.push(folder);
  }
  if (folders.length === 0) {
    throw new Error(
      `Cannot serve as ${root} must hold a model: no ${
        join(root, "*", "config.json")
      } found`,
    );
  }
  const area = ({ config }: ModelFolder) => pictureSize(drawnShape(config));
  folders.sort((a, b) => area(b) - area(a));
  if (first === undefined) return folders;
  const chosen = folders.find(({ config }) => config.name === first);
  if (chosen === undefined) {
    throw new Error(
      `Cannot serve as MODEL must be one of ${
        folders.map(({ config }) => config.name).join(", ")
      }: current value is ${first}`,
    );
  }
  return [chosen, ...folders.filter((folder) => folder !== chosen)];
}

async function readModelFolder(path: string): Promise<ModelFolder | undefined> {
  const file = join(path, "config.json");
  const configText = await readFile(file, "utf8").catch(
    (error: NodeJS.ErrnoException) => {
      if (error.code === "ENOENT") return undefined;
      throw error;
    },
  );
  if (configText === undefined) return undefined;
  const config = parseFile(file, configText);
  return {
    config,
    configText,
    readOnnx: (model = config.model) => readOnnx(join(path, model.file), model),
  };
}

function parseFile(file: string, text: string): ModelConfig {
  try {
    return parseModelConfig(text);
  } catch (cause) {
    throw new Error(`Cannot use ${file}: ${(cause as Error).message}`, {
      cause,
    });
  }
}

async function readOnnx(
  file: string,
  { sha256: wanted }: ModelFile,
): Promise<Uint8Array<ArrayBuffer>> {
  const bytes = await readFile(file).catch((cause: Error) => {
    throw new Error(`Cannot read network ${file}: ${cause.message}`, { cause });
  });
  const sha256 = createHash("sha256").update(bytes).digest("hex");
  if (sha256 !== wanted) {
    throw new Error(
      `Cannot use ${file} as its SHA-256 must be ${wanted}: current value is ${sha256}`,
    );
  }
  return new Uint8Array(bytes);
}

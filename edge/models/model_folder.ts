import {
  drawnShape,
  type ModelConfig,
  type ModelFile,
  parseModelConfig,
} from "@emoji/diffusion/model-config";
import { pictureSize } from "@emoji/diffusion/image";
import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { sha256 } from "../http/sha256.ts";
import { readSlice } from "../site/read_slice.ts";

/** A model on disk. */
export interface ModelFolder {
  /** Its config. */
  readonly config: ModelConfig;
  /** The text that the config was read from. */
  readonly configText: string;
  /**
   * Reads one of the model's networks, the sampled one by default. The first time, checks that it is the one the config
   * speaks of.
   */
  readonly readOnnx: (file?: ModelFile) => Promise<Uint8Array<ArrayBuffer>>;
  /** Reads bytes of one of them, from `start` up to `end`. The first time, checks all of it. */
  readonly readSlice: (
    file: ModelFile,
    start: number,
    end: number,
  ) => Promise<Uint8Array<ArrayBuffer>>;
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
  const checked = new Set<string>();
  const checks = new Map<string, Promise<void>>(); // before slices are read

  async function readOnnx(model = config.model) {
    const network = join(path, model.file);
    const bytes = await readNetwork(network);
    if (!checked.has(network)) await checkSum(network, bytes, model.sha256);
    checked.add(network);
    return bytes;
  }

  /** Resolves where a network is sound; all who ask at the same time share one check. */
  function check(model: ModelFile): Promise<void> {
    let sound = checks.get(model.file);
    if (sound === undefined) {
      sound = readOnnx(model).then(() => {});
      checks.set(model.file, sound);
      sound.catch(() => checks.delete(model.file));
    }
    return sound;
  }

  return {
    config,
    configText,
    readOnnx,
    async readSlice(model, start, end) {
      await check(model);
      return await readSlice(join(path, model.file), start, end);
    },
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

async function readNetwork(file: string): Promise<Uint8Array<ArrayBuffer>> {
  const { buffer, byteOffset, length } = await readFile(file).catch(
    (cause: Error) => {
      throw new Error(`Cannot read network ${file}: ${cause.message}`, {
        cause,
      });
    },
  );
  // Files are read into memory of their own, which nothing shares.
  return new Uint8Array(buffer as ArrayBuffer, byteOffset, length);
}

async function checkSum(
  file: string,
  bytes: Uint8Array<ArrayBuffer>,
  wanted: string,
): Promise<void> {
  const own = await sha256(bytes);
  if (own !== wanted) {
    throw new Error(
      `Cannot use ${file} as its SHA-256 must be ${wanted}: current value is ${own}`,
    );
  }
}

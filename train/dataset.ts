/**
 * The pictures a network learns from: read from sources, kept in a folder as `pictures.bin` and `manifest.json`.
 *
 * @module
 */

import { createHash } from "node:crypto";
import { join } from "node:path";
import {
  collect,
  type Collected,
  type CollectOptions,
  type Dataset,
  datasetOf,
} from "./data/collect.ts";
import { parseManifest } from "./data/manifest.ts";
import { emojiSource, type EmojiSourceOptions } from "./data/sources/emoji.ts";

export type { Dataset } from "./data/collect.ts";
export type { Manifest, PictureEntry, Vocabularies } from "./data/manifest.ts";

/** Options for {@linkcode prepareEmoji}. */
export interface PrepareEmojiOptions
  extends CollectOptions, EmojiSourceOptions {
  /** Folder to write the data set into. */
  dir: string;
}

/**
 * Draws the emoji data set and writes it to a folder, the same bytes every time.
 *
 * @throws {Error} If an icon package is not installed, the folder cannot be written, or `strict` and an icon is broken.
 */
export async function prepareEmoji(
  { dir, ...options }: PrepareEmojiOptions,
): Promise<Collected> {
  const collected = await collect(await emojiSource(options), options);
  await saveDataset(dir, collected.dataset);
  return collected;
}

/** Loads the emoji data set from a folder and draws it there first if there is none. */
export async function openEmoji(
  options: PrepareEmojiOptions,
): Promise<Dataset> {
  if (await exists(join(options.dir, "manifest.json"))) {
    return loadDataset(options.dir);
  }
  return (await prepareEmoji(options)).dataset;
}

/**
 * Writes a data set to a folder. Each file is written under a temporary name and then renamed, the manifest last: what
 * is killed on the way leaves a folder that {@linkcode loadDataset} accepts whole or not at all.
 */
export async function saveDataset(
  dir: string,
  { manifest, pictures }: Dataset,
): Promise<void> {
  await Deno.mkdir(dir, { recursive: true });
  const text = new TextEncoder().encode(JSON.stringify(manifest) + "\n");
  await writeAtomically(join(dir, "pictures.bin"), pictures);
  await writeAtomically(join(dir, "manifest.json"), text);
}

/**
 * Loads a data set from the folder that {@linkcode saveDataset} wrote.
 *
 * @throws {Error} If a file is missing or damaged; the message names it and what to run.
 */
export async function loadDataset(dir: string): Promise<Dataset> {
  const manifestPath = join(dir, "manifest.json");
  const text = new TextDecoder().decode(await read(manifestPath));
  const manifest = explain(manifestPath, () => parseManifest(text));
  const picturesPath = join(dir, "pictures.bin");
  const pictures = await read(picturesPath);
  const { size, channels, counts, sha256 } = manifest;
  return explain(picturesPath, () => {
    const length = counts.total * size * size * channels;
    if (pictures.length !== length) {
      throw new RangeError(
        `it must have ${length} bytes: current value is ${pictures.length}`,
      );
    }
    if (createHash("sha256").update(pictures).digest("hex") !== sha256) {
      throw new RangeError("its SHA-256 must be the manifest's");
    }
    return datasetOf(manifest, pictures);
  });
}

const REMEDY = 'build the data set with "deno task prepare"';

async function read(path: string): Promise<Uint8Array<ArrayBuffer>> {
  try {
    return await Deno.readFile(path);
  } catch (cause) {
    if (!(cause instanceof Deno.errors.NotFound)) throw cause;
    throw new Error(`Cannot load ${path} as it must exist: ${REMEDY}`, {
      cause,
    });
  }
}

function explain<T>(path: string, action: () => T): T {
  try {
    return action();
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : cause;
    throw new Error(`Cannot load ${path} as ${reason}; ${REMEDY}`, { cause });
  }
}

async function writeAtomically(path: string, bytes: Uint8Array): Promise<void> {
  try {
    await Deno.writeFile(`${path}.tmp`, bytes);
    await Deno.rename(`${path}.tmp`, path);
  } catch (cause) {
    await Deno.remove(`${path}.tmp`).catch(() => {});
    const reason = cause instanceof Error ? cause.message : cause;
    throw new Error(`Cannot write ${path} as ${reason}`, { cause });
  }
}

async function exists(path: string): Promise<boolean> {
  try {
    return (await Deno.stat(path)).isFile;
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return false;
    throw error;
  }
}

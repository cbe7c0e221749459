/**
 * The pictures a network learns from: read from sources, kept in a folder as `pictures.bin` and `manifest.json`.
 *
 * @module
 */

import { createHash } from "node:crypto";
import { join } from "node:path";
import { type Dataset, datasetOf } from "./data/collect.ts";
import { parseManifest } from "./data/manifest.ts";
import { writeAtomically } from "./write_atomically.ts";

export type { Dataset } from "./data/collect.ts";
export type { Manifest, PictureEntry, Vocabularies } from "./data/manifest.ts";

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

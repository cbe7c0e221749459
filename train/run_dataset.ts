import type { ImageEncoding } from "@emoji/diffusion/image";
import { join } from "node:path";
import type { RunConfig } from "./config.ts";
import { collect, type CollectOptions, type Dataset } from "./data/collect.ts";
import { differenceOf, type Recipe, recipeOf } from "./data/recipe.ts";
import type { BrokenPicture } from "./data/source.ts";
import { SOURCES } from "./data/sources/registry.ts";
import { loadDataset, saveDataset } from "./dataset.ts";
import { UsageError } from "./options.ts";

/** Folder of a run's data set below the folder of all data sets. */
export function datasetFolder(
  root: string,
  { data, size }: Pick<RunConfig, "data" | "size">,
): string {
  return join(root, `${data.name}-${size}`);
}

/** Options for {@linkcode openRunDataset}. */
export interface RunDatasetOptions
  extends Pick<CollectOptions, "strict" | "onProgress"> {
  /** Folder of all data sets. */
  root: string;
  /** Folder that the source reads, where it reads one. */
  from?: string | undefined;
  /** Called with the broken pictures, if any, of a data set that is built. */
  onSkipped?: (skipped: readonly BrokenPicture[]) => void;
}

/**
 * Loads the data set of a run, and builds it first if there is none.
 *
 * @throws {UsageError} If it must be built of a folder that is not given, or what is there was drawn from something else.
 */
export async function openRunDataset(
  config: Pick<RunConfig, "data" | "size">,
  { root, from, onSkipped, ...options }: RunDatasetOptions,
): Promise<Dataset> {
  const folder = datasetFolder(root, config);
  const { source: name, encoding, background, styles, only } = config.data;
  const kind = Object.hasOwn(SOURCES, name) ? SOURCES[name] : undefined;
  if (kind === undefined) {
    throw new UsageError(
      `Cannot use --source as it must be one of ${
        Object.keys(SOURCES).join(", ")
      }: current value is ${name}`,
    );
  }
  if (from !== undefined && kind.needsFolder === false) {
    throw new UsageError(
      `Cannot read --from ${from} as the source must be one that reads a folder: current value is ${name}`,
    );
  }
  const recipe = recipeOf({ source: name, from, background, styles, only });
  if (await hasManifest(folder)) {
    const dataset = await loadDataset(folder);
    checkDataset(folder, dataset, encoding, recipe);
    return checkHeldOut(folder, dataset);
  }
  if (from === undefined && kind.needsFolder !== false) {
    throw new UsageError(
      `Cannot find the data set ${folder}: name the folder with ${
        kind.about.replace(" in --from", "").replace(" below --from", "")
      } by --from`,
    );
  }
  const source = await kind.open({
    from: from ?? "",
    ...(styles && { styles }),
    ...(only && { only }),
  });
  const { dataset, skipped } = await collect(source, {
    size: config.size,
    encoding,
    recipe,
    ...(background && { background }),
    ...options,
  });
  if (skipped.length > 0) onSkipped?.(skipped);
  checkHeldOut(folder, dataset);
  await saveDataset(folder, dataset);
  return dataset;
}

function checkDataset(
  folder: string,
  { manifest }: Dataset,
  encoding: ImageEncoding,
  recipe: Recipe,
): void {
  const difference = manifest.encoding !== encoding
    ? `its encoding must be ${encoding}: current value is ${manifest.encoding}`
    : manifest.recipe && differenceOf(manifest.recipe, recipe);
  if (difference === undefined) return;
  throw new UsageError(
    `Cannot train on ${folder} as ${difference}; name another --data or delete it`,
  );
}

function checkHeldOut(folder: string, dataset: Dataset): Dataset {
  if (dataset.heldOut.length > 0) return dataset;
  throw new UsageError(
    `Cannot train on ${folder} as it must have pictures of two things, to train on and to hold out: current value is ${dataset.train.length} of one`,
  );
}

async function hasManifest(folder: string): Promise<boolean> {
  try {
    return (await Deno.stat(join(folder, "manifest.json"))).isFile;
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return false;
    throw error;
  }
}

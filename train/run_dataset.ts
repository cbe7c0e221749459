import { join } from "node:path";
import type { RunConfig } from "./config.ts";
import { collect, type CollectOptions, type Dataset } from "./data/collect.ts";
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
}

/**
 * Loads the data set of a run, and builds it first if there is none.
 *
 * @throws {UsageError} If it must be built of a folder that is not given.
 */
export async function openRunDataset(
  config: Pick<RunConfig, "data" | "size">,
  { root, from, ...options }: RunDatasetOptions,
): Promise<Dataset> {
  const folder = datasetFolder(root, config);
  const { source: name, encoding, background, styles, only } = config.data;
  if (await hasManifest(folder)) {
    const dataset = await loadDataset(folder);
    if (dataset.manifest.encoding === encoding) return dataset;
    throw new UsageError(
      `Cannot train on ${folder} as its encoding must be ${encoding}: current value is ${dataset.manifest.encoding}`,
    );
  }
  const kind = SOURCES[name];
  if (kind === undefined) {
    throw new UsageError(
      `Cannot use --source as it must be one of ${
        Object.keys(SOURCES).join(", ")
      }: current value is ${name}`,
    );
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
  const { dataset } = await collect(source, {
    size: config.size,
    encoding,
    ...(background && { background }),
    ...options,
  });
  await saveDataset(folder, dataset);
  return dataset;
}

async function hasManifest(folder: string): Promise<boolean> {
  try {
    return (await Deno.stat(join(folder, "manifest.json"))).isFile;
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return false;
    throw error;
  }
}

import { basename, resolve } from "node:path";
import { isDeepStrictEqual } from "node:util";

/** What a data set was drawn from, as its manifest keeps it. */
export interface Recipe {
  /** Kind of source. */
  readonly source: string;
  /** Folder that it read, whole, where it reads one. */
  readonly from?: string;
  /** What pictures were put on, where not on white. */
  readonly background?: "black";
  /** Styles of emoji; all where there are none. */
  readonly styles?: readonly string[];
  /** Beginnings of groups of emoji; all where there are none. */
  readonly only?: readonly string[];
}

/** What a recipe is made of. */
export interface RecipeParts extends Pick<Recipe, "source"> {
  /** Folder that it reads. */
  readonly from: string | undefined;
  /** What pictures are put on. */
  readonly background: "white" | "black" | undefined;
  /** Styles of emoji. */
  readonly styles: readonly string[] | undefined;
  /** Beginnings of groups of emoji. */
  readonly only: readonly string[] | undefined;
}

/** A recipe of what was asked for. */
export function recipeOf(parts: RecipeParts): Recipe {
  const { source, from, background, styles, only } = parts;
  return {
    source,
    ...(from && { from: resolve(from) }),
    ...(background === "black" && { background }),
    ...(styles && { styles }),
    ...(only && { only }),
  };
}

/** Sources of pictures of any kind, whose data sets have the names of their folders. */
const FOLDERS = ["folder", "emoji-folder"];

/** Name of the data set of a source that reads a folder. */
export function datasetName(source: string, from?: string): string {
  if (from === undefined || !FOLDERS.includes(source)) return source;
  return basename(resolve(from)) || "root";
}

/** Says how the pictures that are there were drawn otherwise than asked for, or nothing where they were not. */
export function differenceOf(
  there: Recipe,
  wanted: Recipe,
): string | undefined {
  // What is not asked for may be any: somebody prepared the pictures so.
  const names = ["source", "from", "background", "styles", "only"] as const;
  const name = names.find((name) =>
    wanted[name] !== undefined &&
    !isDeepStrictEqual(there[name], wanted[name])
  );
  return name &&
    `its ${name} must be ${wanted[name]}: current value is ${
      there[name] ?? "none"
    }`;
}

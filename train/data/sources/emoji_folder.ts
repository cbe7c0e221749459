import { basename, extname } from "node:path";
import type { Fit } from "../fit.ts";
import type { PictureLabels, PictureSource } from "../source.ts";
import { conceptKey, readConcepts } from "./emoji_concepts.ts";
import { imageFolderSource } from "./image_folder.ts";

/** Options for {@linkcode emojiFolderSource}. */
export interface EmojiFolderOptions {
  /**
   * Name of their style.
   * @default {the folder's name}
   */
  style?: string;
  /**
   * Read only the concepts whose group or subgroup begins with one of these.
   * @default {[""]}
   */
  only?: readonly string[];
  /**
   * How pictures become square.
   * @default {"pad"}
   */
  fit?: Fit;
}

/**
 * Emoji pictures whose files are named by code points, as in the npm packages `emoji-datasource-*` or in the
 * repositories of emoji fonts: "1f600.png", "emoji_u2764_200d_1f525.svg". They get the labels of their concepts;
 * variants are left out.
 *
 * @throws {Error} If the folder does not exist or holds no such pictures.
 */
export async function emojiFolderSource(
  dir: string,
  options: EmojiFolderOptions = {},
): Promise<PictureSource> {
  const { style = basename(dir), only = [""], fit = "pad" } = options;
  const concepts = new Map(
    (await readConcepts(only)).map((concept) => [concept.concept, concept]),
  );
  function labels(file: string): PictureLabels | undefined {
    const concept = concepts.get(conceptOfFile(file) ?? "");
    return concept && { ...concept, style };
  }
  return await imageFolderSource(dir, { fit, labels });
}

/** Concept key that a file's name spells, or undefined if it spells none. */
export function conceptOfFile(file: string): string | undefined {
  const stem = basename(file, extname(file)).toLowerCase();
  const points = stem.replace(/^(?:emoji_?)?u\+?/, "").split(/[-_ ]/);
  if (!points.every((point) => /^[0-9a-f]{2,6}$/.test(point))) return undefined;
  return conceptKey(points.map((point) => point.padStart(4, "0")).join("-"));
}

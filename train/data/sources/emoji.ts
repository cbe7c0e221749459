import { shrink } from "../halve.ts";
import { loadRasterizer, rasterize } from "../rasterize.ts";
import type { BrokenPicture, PictureSource, SourcePicture } from "../source.ts";
import { readConcepts } from "./emoji_concepts.ts";
import {
  EMOJI_STYLES,
  type EmojiIcon,
  type EmojiIconSet,
  readEmojiIcons,
} from "./emoji_icons.ts";
import { readEmojiNames } from "./emoji_names.ts";

/** Icons are drawn this many times larger and averaged: a power of two. */
const OVERSAMPLING = 4;

/** Options for {@linkcode emojiSource}. */
export interface EmojiSourceOptions {
  /**
   * Styles to draw, each the npm package `@iconify-json/<style>`.
   * @default {EMOJI_STYLES}
   */
  styles?: readonly string[];
  /**
   * Draw only the concepts whose group or subgroup begins with one of these: `["face-", "food-drink"]`.
   * @default {[""]}
   */
  only?: readonly string[];
}

/**
 * Every emoji of several open icon sets, each labelled with its style, group, subgroup and keywords; a concept is an
 * emoji without skin tone and gender.
 *
 * @throws {RangeError} If a style or a beginning in `only` is unknown.
 * @throws {Error} If an icon package is not installed.
 */
export async function emojiSource(
  options: EmojiSourceOptions = {},
): Promise<PictureSource> {
  const { styles = EMOJI_STYLES, only = [""] } = options;
  const concepts = await readConcepts(only);
  const unknown = styles.find((style) =>
    !EMOJI_STYLES.some((known) => known === style)
  );
  if (unknown !== undefined) {
    throw new RangeError(
      `Cannot draw emoji as a style must be one of ${
        EMOJI_STYLES.join(", ")
      }: current value is ${unknown}`,
    );
  }
  const names = await readEmojiNames();
  const sets: EmojiIconSet[] = [];
  for (const style of styles) {
    sets.push(await readEmojiIcons(style, concepts, names));
  }
  return {
    total: sets.reduce((sum, { icons }) => sum + icons.length, 0),
    attribution: sets.map(({ attribution }) => attribution),
    async *pictures(size) {
      await loadRasterizer();
      for (const { style, icons } of sets) {
        for (const icon of icons) yield drawIcon(style, icon, size);
      }
    },
  };
}

/** Draws an icon; {@linkcode loadRasterizer} comes first. */
export function drawIcon(
  style: string,
  { name, svg, concept }: EmojiIcon,
  size: number,
): SourcePicture | BrokenPicture {
  try {
    const large = OVERSAMPLING * size;
    const pixels = shrink(rasterize(svg, large).pixels, large, size);
    return { ...concept, style, pixels };
  } catch (cause) {
    return { broken: `${style}/${name}`, reason: `resvg failed: ${cause}` };
  }
}

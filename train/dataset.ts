import { createHash } from "node:crypto";
import {
  EMOJI_STYLES,
  type EmojiSource,
  readEmojiSource,
} from "./data/emoji_sources.ts";
import { type Concept, readConcepts } from "./data/emoji_metadata.ts";
import { readEmojiNames } from "./data/emoji_names.ts";
import type { Manifest, PictureEntry } from "./data/manifest.ts";
import { loadRasterizer, rasterize, shrink } from "./data/rasterize.ts";
import { splitOf } from "./data/split.ts";
import { wordVocabulary } from "./data/vocabulary.ts";

export type { Manifest, PictureEntry, Vocabularies } from "./data/manifest.ts";

/** Pictures in memory with all that is known of them. */
export interface Dataset {
  readonly manifest: Manifest;
  /** Premultiplied RGBA bytes, [n, size, size, 4]. */
  readonly pictures: Uint8Array<ArrayBuffer>;
  /** Indices of the training pictures. */
  readonly train: readonly number[];
  /** Indices of the held-out pictures. */
  readonly heldOut: readonly number[];
}

/** A picture that could not be drawn. */
export interface SkippedPicture {
  readonly style: string;
  readonly name: string;
  readonly reason: string;
}

/** Options for {@linkcode prepareEmoji}. */
export interface PrepareEmojiOptions {
  /** Folder to write `pictures.bin` and `manifest.json` into. */
  dir: string;
  /**
   * Width and height of the pictures in pixels.
   * @default {32}
   */
  size?: number;
  /**
   * Styles to draw.
   * @default {EMOJI_STYLES}
   */
  styles?: readonly string[];
  /**
   * Throw on a broken picture instead of skipping it.
   * @default {false}
   */
  strict?: boolean;
  /** Called after every picture. */
  onProgress?: (done: number, total: number) => void;
}

/** Pictures are drawn this many times larger and averaged: a power of two. */
const OVERSAMPLING = 4;

/**
 * Draws the emoji data set and writes it to a folder.
 *
 * @returns The pictures that were skipped.
 * @throws {Error} If an icon package is not installed, or `strict` and a picture is broken.
 */
export async function prepareEmoji(
  options: PrepareEmojiOptions,
): Promise<SkippedPicture[]> {
  const { dir, size = 32, styles = EMOJI_STYLES, strict = false, onProgress } =
    options;
  await loadRasterizer();
  const concepts = await readConcepts();
  const names = await readEmojiNames();
  const sources: EmojiSource[] = [];
  for (const style of styles) {
    sources.push(await readEmojiSource(style, concepts, names));
  }
  const words = new Map(
    wordVocabulary(concepts).map((word, index) => [word, index]),
  );
  const drawn: { entry: PictureEntry; pixels: Uint8Array }[] = [];
  const skipped: SkippedPicture[] = [];
  const total = sources.reduce((sum, { icons }) => sum + icons.length, 0);
  for (const { style, icons } of sources) {
    for (const { concept, name, svg } of icons) {
      try {
        const pixels = shrink(
          rasterize(svg, OVERSAMPLING * size),
          OVERSAMPLING * size,
          size,
        );
        drawn.push({ entry: entryOf(concept, style, words), pixels });
      } catch (cause) {
        if (strict) {
          throw new Error(
            `Cannot draw ${name} of ${style} as its SVG must be sound: ${cause}`,
            { cause },
          );
        }
        skipped.push({ style, name, reason: String(cause) });
      }
      onProgress?.(drawn.length + skipped.length, total);
    }
  }
  drawn.sort((a, b) =>
    Number(a.entry.split === "held-out") - Number(b.entry.split === "held-out")
  );
  const pictures = new Uint8Array(drawn.length * size * size * 4);
  drawn.forEach(({ pixels }, i) => pictures.set(pixels, i * size * size * 4));
  const entries = drawn.map(({ entry }) => entry);
  const train = entries.filter(({ split }) => split === "train").length;
  const manifest: Manifest = {
    version: 1,
    size,
    channels: 4,
    encoding: "premultiplied-rgba",
    counts: {
      total: entries.length,
      train,
      heldOut: entries.length - train,
      concepts: new Set(entries.map((e) => e.concept)).size,
    },
    vocabularies: {
      styles: [...styles],
      groups: [...new Set(concepts.map(({ group }) => group))],
      subgroups: [...new Set(concepts.map(({ subgroup }) => subgroup))],
      words: [...words.keys()],
    },
    attribution: sources.map(({ attribution }) => attribution),
    sha256: createHash("sha256").update(pictures).digest("hex"),
    pictures: entries,
  };
  await Deno.mkdir(dir, { recursive: true });
  await writeAtomically(`${dir}/pictures.bin`, pictures);
  await writeAtomically(
    `${dir}/manifest.json`,
    new TextEncoder().encode(JSON.stringify(manifest) + "\n"),
  );
  return skipped;
}

function entryOf(
  { words, ...rest }: Concept,
  style: string,
  vocabulary: Map<string, number>,
): PictureEntry {
  const { concept, emoji, label, group, subgroup } = rest;
  const known = words.flatMap((word) => vocabulary.get(word) ?? []).sort((
    a,
    b,
  ) => a - b);
  return {
    concept,
    emoji,
    label,
    style,
    group,
    subgroup,
    words: known,
    split: splitOf(concept),
  };
}

async function writeAtomically(path: string, bytes: Uint8Array): Promise<void> {
  await Deno.writeFile(`${path}.tmp`, bytes);
  await Deno.rename(`${path}.tmp`, path);
}

/** Loads a data set. */
export async function loadDataset(dir: string): Promise<Dataset> {
  const manifest: Manifest = JSON.parse(
    await Deno.readTextFile(`${dir}/manifest.json`),
  );
  const pictures = await Deno.readFile(`${dir}/pictures.bin`);
  const train: number[] = [];
  const heldOut: number[] = [];
  manifest.pictures.forEach(({ split }, i) =>
    (split === "train" ? train : heldOut).push(i)
  );
  return { manifest, pictures, train, heldOut };
}

import { createHash } from "node:crypto";
import type { ImageEncoding } from "@emoji/diffusion/image";
import type { Manifest, PictureEntry } from "./manifest.ts";
import type { Recipe } from "./recipe.ts";
import type { BrokenPicture, PictureSource, SourcePicture } from "./source.ts";
import { type Split, splitOf } from "./split.ts";
import { distinct, wordVocabulary } from "./vocabulary.ts";

/** Pictures in memory with all that is known of them. */
export interface Dataset {
  /** Everything but the pixels. */
  readonly manifest: Manifest;
  /** Bytes, [n, size, size, channels]. */
  readonly pictures: Uint8Array<ArrayBuffer>;
  /** Indices of the training pictures. */
  readonly train: readonly number[];
  /** Indices of the held-out pictures. */
  readonly heldOut: readonly number[];
}

/** Options for {@linkcode collect}. */
export interface CollectOptions {
  /**
   * Width and height of the pictures in pixels.
   * @default {32}
   */
  size?: number;
  /**
   * Whether to keep transparency or to put the pictures on a background.
   * @default {"premultiplied-rgba"}
   */
  encoding?: ImageEncoding;
  /**
   * What to put "rgb" pictures on.
   * @default {"white"}
   */
  background?: "white" | "black";
  /**
   * Throw on a broken picture instead of skipping it.
   * @default {false}
   */
  strict?: boolean;
  /** What the pictures are drawn from, for the manifest. */
  recipe?: Recipe;
  /** Called after every picture. */
  onProgress?: (done: number, total: number) => void;
}

/** A picture of which it is known what it is for. */
type SplitPicture = SourcePicture & { readonly split: Split };

/** What {@linkcode collect} returns. */
export interface Collected {
  /** The sound pictures. */
  readonly dataset: Dataset;
  /** The others. */
  readonly skipped: readonly BrokenPicture[];
}

/**
 * Reads all pictures of a source into memory, training pictures first.
 *
 * @throws {RangeError} If `size` is not a positive integer, or no picture is left to train on.
 * @throws {Error} If `strict` and a picture is broken; the message names it.
 */
export async function collect(
  source: PictureSource,
  options: CollectOptions = {},
): Promise<Collected> {
  const { size = 32, strict = false } = options;
  if (!Number.isInteger(size) || size < 1) {
    throw new RangeError(
      `Cannot collect pictures as size must be a positive integer: current value is ${size}`,
    );
  }
  const found: Record<Split, SplitPicture[]> = { "train": [], "held-out": [] };
  const skipped: BrokenPicture[] = [];
  let done = 0;
  for await (const picture of source.pictures(size)) {
    if (!("broken" in picture)) {
      const split = picture.split ?? splitOf(picture.concept);
      found[split].push({ ...picture, split });
    } else if (strict) {
      throw new Error(
        `Cannot read ${picture.broken} as it must be a sound picture: ${picture.reason}`,
      );
    } else {
      skipped.push(picture);
    }
    options.onProgress?.(++done, source.total);
  }
  if (found.train.length === 0 || found["held-out"].length === 0) {
    splitAnew(found);
  }
  if (found.train.length === 0) {
    throw new RangeError(
      `Cannot collect pictures as the source must have one to train on: ${skipped.length} were broken`,
    );
  }
  return { dataset: assemble(source, found, size, options), skipped };
}

/** Splits by concept what has one part only; where chance leaves a part empty, the last of several concepts is held out. */
function splitAnew(found: Record<Split, SplitPicture[]>): void {
  const all = [...found.train, ...found["held-out"]];
  const concepts = new Set(all.map(({ concept }) => concept));
  const drawn = new Set(Array.from(concepts, (concept) => splitOf(concept)));
  const last = concepts.size > 1 ? all.at(-1)!.concept : undefined;
  const isHeldOut = (concept: string) =>
    drawn.size > 1 ? splitOf(concept) === "held-out" : concept === last;
  found.train = [];
  found["held-out"] = [];
  for (const picture of all) {
    const split = isHeldOut(picture.concept) ? "held-out" : "train";
    found[split].push({ ...picture, split });
  }
}

function assemble(
  { attribution }: PictureSource,
  found: Readonly<Record<Split, SplitPicture[]>>,
  size: number,
  { encoding = "premultiplied-rgba", background = "white", recipe }:
    CollectOptions,
): Dataset {
  const all = [...found.train, ...found["held-out"]];
  const channels = encoding === "rgb" ? 3 : 4;
  const pictures = new Uint8Array(all.length * size * size * channels);
  all.forEach(({ pixels }, i) =>
    pictures.set(
      encoding === "rgb" ? compose(pixels, background) : pixels,
      i * size * size * channels,
    )
  );
  const words = wordVocabulary(found.train);
  const rows = new Map(words.map((word, row) => [word, row]));
  const manifest: Manifest = {
    version: 1,
    size,
    channels,
    encoding,
    counts: {
      total: all.length,
      train: found.train.length,
      heldOut: found["held-out"].length,
      concepts: new Set(all.map(({ concept }) => concept)).size,
    },
    vocabularies: {
      styles: distinct(all.map(({ style }) => style)),
      groups: distinct(all.map(({ group }) => group)),
      subgroups: distinct(all.map(({ subgroup }) => subgroup)),
      words,
    },
    ...(recipe && { recipe }),
    attribution,
    sha256: createHash("sha256").update(pictures).digest("hex"),
    pictures: all.map((picture) => entryOf(picture, rows)),
  };
  return datasetOf(manifest, pictures);
}

/** Joins a manifest with its pixels. */
export function datasetOf(
  manifest: Manifest,
  pictures: Uint8Array<ArrayBuffer>,
): Dataset {
  const indices = [...manifest.pictures.keys()];
  const isHeldOut = (i: number) => manifest.pictures[i]!.split === "held-out";
  return {
    manifest,
    pictures,
    train: indices.filter((i) => !isHeldOut(i)),
    heldOut: indices.filter(isHeldOut),
  };
}

function entryOf(
  { pixels: _, words = [], ...labels }: SplitPicture,
  rows: Map<string, number>,
): PictureEntry {
  const known = words.flatMap((word) => rows.get(word) ?? []);
  return {
    ...labels,
    words: known.sort((a, b) => a - b),
  };
}

/** Puts premultiplied RGBA on a background. */
function compose(
  pixels: Uint8Array,
  background: "white" | "black",
): Uint8Array {
  const rgb = new Uint8Array(pixels.length / 4 * 3);
  for (let i = 0; i < rgb.length; i++) {
    const from = 4 * Math.floor(i / 3);
    const behind = background === "white" ? 255 - pixels[from + 3]! : 0;
    rgb[i] = pixels[from + i % 3]! + behind;
  }
  return rgb;
}

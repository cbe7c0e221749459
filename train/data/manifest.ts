import type { ImageEncoding } from "@emoji/diffusion/image";
import type { Recipe } from "./recipe.ts";
import type { Attribution, PictureLabels } from "./source.ts";
import type { Split } from "./split.ts";

/** One picture of a data set. */
export interface PictureEntry extends Omit<PictureLabels, "words" | "split"> {
  /** Indices into the vocabulary `words`, ascending. */
  readonly words: readonly number[];
  /** Which part it belongs to. */
  readonly split: Split;
}

/** The values that condition a network, in the order of their embedding rows. */
export interface Vocabularies {
  /** Drawing styles. */
  readonly styles: readonly string[];
  /** Classes. */
  readonly groups: readonly string[];
  /** Finer classes. */
  readonly subgroups: readonly string[];
  /** Keywords. */
  readonly words: readonly string[];
}

/** Everything about a data set but its pixels: `manifest.json`. */
export interface Manifest {
  /** Version of this format. */
  readonly version: 1;
  /** Width and height of the pictures in pixels. */
  readonly size: number;
  /** Bytes a pixel: 4, or 3 for "rgb". */
  readonly channels: number;
  /** Meaning of the channels. */
  readonly encoding: ImageEncoding;
  /** How many pictures and concepts there are. */
  readonly counts: {
    readonly total: number;
    readonly train: number;
    readonly heldOut: number;
    readonly concepts: number;
  };
  /** What the labels can be. */
  readonly vocabularies: Vocabularies;
  /** What it was drawn from; absent from the first data sets. */
  readonly recipe?: Recipe;
  /** Whom to name, for the model card. */
  readonly attribution: readonly Attribution[];
  /** SHA-256 of `pictures.bin`, in hexadecimal. */
  readonly sha256: string;
  /** Training pictures first, then held-out ones: the order of `pictures.bin`. */
  readonly pictures: readonly PictureEntry[];
}

/**
 * Reads a manifest.
 *
 * @throws {TypeError} If the text is not JSON or not a manifest of version 1; the message says what is wrong.
 */
export function parseManifest(text: string): Manifest {
  const manifest: Partial<Manifest> | null = parseJson(text);
  if (manifest?.version !== 1) {
    throw new TypeError(
      `version must be 1: current value is ${manifest?.version}`,
    );
  }
  const { size, channels, pictures, vocabularies, counts, sha256 } = manifest;
  const whole = Number.isInteger(size) && (channels === 3 || channels === 4) &&
    Array.isArray(pictures) && typeof sha256 === "string" &&
    vocabularies !== undefined &&
    [
      vocabularies.styles,
      vocabularies.groups,
      vocabularies.subgroups,
      vocabularies.words,
    ].every(Array.isArray);
  if (!whole) throw new TypeError("a member is missing or has a wrong type");
  if (pictures.length !== counts?.total) {
    throw new TypeError(
      `counts.total must be the number of pictures, ${pictures.length}: current value is ${counts?.total}`,
    );
  }
  return manifest as Manifest;
}

function parseJson(text: string): Manifest | null {
  try {
    return JSON.parse(text);
  } catch (cause) {
    throw new TypeError("it must be JSON", { cause });
  }
}

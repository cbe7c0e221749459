import type { Attribution } from "./emoji_sources.ts";
import type { Split } from "./split.ts";

/** One picture of a data set. */
export interface PictureEntry {
  /** Key of what the picture shows; all pictures of one concept are in one split. */
  readonly concept: string;
  readonly emoji: string;
  readonly label: string;
  readonly style: string;
  readonly group: string;
  readonly subgroup: string;
  /** Indices into the vocabulary `words`, ascending. */
  readonly words: readonly number[];
  readonly split: Split;
}

/** The values that condition a network, in the order of their embedding rows. */
export interface Vocabularies {
  readonly styles: readonly string[];
  readonly groups: readonly string[];
  readonly subgroups: readonly string[];
  readonly words: readonly string[];
}

/** Everything about a data set but its pixels: `manifest.json`. */
export interface Manifest {
  readonly version: 1;
  readonly size: number;
  readonly channels: number;
  readonly encoding: "premultiplied-rgba";
  readonly counts: {
    readonly total: number;
    readonly train: number;
    readonly heldOut: number;
    readonly concepts: number;
  };
  readonly vocabularies: Vocabularies;
  readonly attribution: readonly Attribution[];
  /** SHA-256 of `pictures.bin`, in hexadecimal. */
  readonly sha256: string;
  /** Training pictures first, then held-out ones: the order of `pictures.bin`. */
  readonly pictures: readonly PictureEntry[];
}

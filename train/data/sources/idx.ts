import { join } from "node:path";
import { grayPicture } from "../gray.ts";
import type { PictureSource } from "../source.ts";
import type { Split } from "../split.ts";
import { type Download, missingData } from "./missing_data.ts";

/** A data set in MNIST's file format. */
interface IdxLayout extends Download {
  readonly author: string;
  readonly url: string;
  readonly license: { title: string; spdx: string; url: string };
  /** Names of the labels. */
  readonly classes: readonly string[];
}

const LAYOUTS = {
  "mnist": {
    title: "MNIST",
    get:
      "train-images-idx3-ubyte.gz, train-labels-idx1-ubyte.gz, t10k-images-idx3-ubyte.gz and t10k-labels-idx1-ubyte.gz from https://ossci-datasets.s3.amazonaws.com/mnist/",
    author: "Yann LeCun, Corinna Cortes and Christopher Burges",
    url: "http://yann.lecun.com/exdb/mnist/",
    license: {
      title: "CC BY-SA 3.0",
      spdx: "CC-BY-SA-3.0",
      url: "https://creativecommons.org/licenses/by-sa/3.0/",
    },
    classes: ["0", "1", "2", "3", "4", "5", "6", "7", "8", "9"],
  },
  "fashion-mnist": {
    title: "Fashion-MNIST",
    get:
      "the four .gz files of https://github.com/zalandoresearch/fashion-mnist/tree/master/data/fashion",
    author: "Zalando Research",
    url: "https://github.com/zalandoresearch/fashion-mnist",
    license: {
      title: "MIT",
      spdx: "MIT",
      url:
        "https://github.com/zalandoresearch/fashion-mnist/blob/master/LICENSE",
    },
    classes: [
      "t-shirt",
      "trouser",
      "pullover",
      "dress",
      "coat",
      "sandal",
      "shirt",
      "sneaker",
      "bag",
      "ankle boot",
    ],
  },
} satisfies Record<string, IdxLayout>;

/** Unsigned bytes of an IDX file. */
export interface IdxArray {
  /** Sizes of the dimensions, the slowest first. */
  readonly shape: readonly number[];
  readonly data: Uint8Array;
}

/**
 * MNIST (LeCun et al. 1998) or Fashion-MNIST (Xiao et al. 2017) from its four IDX files, packed with gzip or not. The
 * class becomes the group.
 *
 * @param dir Folder of the files.
 * @throws {Error} If a file is missing, and then the message says where to get it, or damaged.
 */
export async function idxSource(
  name: keyof typeof LAYOUTS,
  dir: string,
): Promise<PictureSource> {
  const layout = LAYOUTS[name];
  const parts = [
    await readPart(dir, "train", "train", layout),
    await readPart(dir, "t10k", "held-out", layout),
  ];
  const { title, author, url, license } = layout;
  return {
    total: parts.reduce((sum, { labels }) => sum + labels.data.length, 0),
    attribution: [{ title, author, url, license }],
    async *pictures(size) {
      for (const { images: { shape, data }, labels, split } of parts) {
        const [, height = 0, width = 0] = shape;
        for (const [i, byte] of labels.data.entries()) {
          const concept = `${split} ${i}`;
          const label = layout.classes[byte];
          const gray = data.subarray(
            i * width * height,
            (i + 1) * width * height,
          );
          yield label === undefined
            ? {
              broken: `${dir}: ${concept}`,
              reason: `its label has no name: ${byte}`,
            }
            : {
              concept,
              label,
              group: label,
              split,
              pixels: grayPicture(gray, width, height, size),
            };
        }
      }
    },
  };
}

async function readPart(
  dir: string,
  prefix: string,
  split: Split,
  layout: IdxLayout,
) {
  const images = await readIdx(dir, `${prefix}-images-idx3-ubyte`, 3, layout);
  const labels = await readIdx(dir, `${prefix}-labels-idx1-ubyte`, 1, layout);
  if (images.shape[0] !== labels.shape[0]) {
    throw new RangeError(
      `Cannot read ${layout.title} as there must be a label for each image of ${prefix}: current value is ${
        labels.shape[0]
      } for ${images.shape[0]}`,
    );
  }
  return { images, labels, split };
}

async function readIdx(
  dir: string,
  name: string,
  dimensions: number,
  layout: IdxLayout,
): Promise<IdxArray> {
  for (const suffix of [".gz", ""]) {
    const path = join(dir, name + suffix);
    const bytes = await Deno.readFile(path).catch((error) => {
      if (!(error instanceof Deno.errors.NotFound)) throw error;
    });
    if (bytes === undefined) continue;
    try {
      return parseIdx(suffix === "" ? bytes : await gunzip(bytes), dimensions);
    } catch (cause) {
      const reason = cause instanceof Error ? cause.message : cause;
      throw new Error(
        `Cannot read ${path} as it must be a sound IDX file: ${reason}`,
        { cause },
      );
    }
  }
  throw missingData(join(dir, `${name}.gz`), layout);
}

/**
 * Reads an IDX file of unsigned bytes: two zero bytes, type 8, number of dimensions, big-endian sizes, data.
 *
 * @throws {RangeError} If it is anything else.
 */
export function parseIdx(bytes: Uint8Array, dimensions: number): IdxArray {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  const start = 4 + 4 * dimensions;
  const magic = 0x800 + dimensions;
  if (bytes.length < start || view.getUint32(0) !== magic) {
    throw new RangeError(`it must begin with the number ${magic}`);
  }
  const shape = Array.from(
    { length: dimensions },
    (_, i) => view.getUint32(4 + 4 * i),
  );
  const length = start + shape.reduce((a, b) => a * b);
  if (bytes.length !== length) {
    throw new RangeError(
      `it must have ${length} bytes: current value is ${bytes.length}`,
    );
  }
  return { shape, data: bytes.subarray(start) };
}

async function gunzip(bytes: Uint8Array<ArrayBuffer>): Promise<Uint8Array> {
  const stream = new Blob([bytes]).stream().pipeThrough(
    new DecompressionStream("gzip"),
  );
  return new Uint8Array(await new Response(stream).arrayBuffer());
}

import { join } from "node:path";
import { fitSquare } from "../fit.ts";
import type { BrokenPicture, PictureSource, SourcePicture } from "../source.ts";
import type { Split } from "../split.ts";
import { type Download, missingData, readData } from "./missing_data.ts";

const SIDE = 32;
const AREA = SIDE * SIDE;

/** One of the two CIFAR data sets in its binary version. */
interface CifarLayout extends Download {
  /** Folder inside the archive. */
  readonly folder: string;
  readonly files: readonly (readonly [file: string, split: Split])[];
  /** File of the names for each label byte of a record, the coarse one first. */
  readonly names: readonly string[];
}

const CIFAR_10: CifarLayout = {
  title: "CIFAR-10",
  get: "https://www.cs.toronto.edu/~kriz/cifar-10-binary.tar.gz",
  folder: "cifar-10-batches-bin",
  files: [
    ["data_batch_1.bin", "train"],
    ["data_batch_2.bin", "train"],
    ["data_batch_3.bin", "train"],
    ["data_batch_4.bin", "train"],
    ["data_batch_5.bin", "train"],
    ["test_batch.bin", "held-out"],
  ],
  names: ["batches.meta.txt"],
};

const CIFAR_100: CifarLayout = {
  title: "CIFAR-100",
  get: "https://www.cs.toronto.edu/~kriz/cifar-100-binary.tar.gz",
  folder: "cifar-100-binary",
  files: [["train.bin", "train"], ["test.bin", "held-out"]],
  names: ["coarse_label_names.txt", "fine_label_names.txt"],
};

/**
 * CIFAR-10 or CIFAR-100 (Krizhevsky 2009), binary version: records of one or two label bytes and 3 planes of 32×32
 * bytes. The class becomes the group; of CIFAR-100 the superclass becomes the group and the class the subgroup.
 *
 * @param dir Folder of the unpacked files, or the one that holds it.
 * @throws {Error} If a file is missing; the message says where to get it.
 */
export async function cifarSource(
  classes: 10 | 100,
  dir: string,
): Promise<PictureSource> {
  const layout = classes === 10 ? CIFAR_10 : CIFAR_100;
  const root = await isFolder(join(dir, layout.folder))
    ? join(dir, layout.folder)
    : dir;
  const record = layout.names.length + 3 * AREA;
  const names: string[][] = [];
  for (const file of layout.names) {
    const text = new TextDecoder().decode(
      await readData(join(root, file), layout),
    );
    names.push(
      text.split("\n").map((line) => line.trim()).filter((line) => line !== ""),
    );
  }
  let total = 0;
  for (const [file] of layout.files) {
    const path = join(root, file);
    const stat = await Deno.stat(path).catch((cause) => {
      throw missingData(path, layout, cause);
    });
    total += Math.ceil(stat.size / record);
  }
  return {
    total,
    attribution: [{
      title: layout.title,
      author: "Alex Krizhevsky, Vinod Nair and Geoffrey Hinton",
      url: "https://www.cs.toronto.edu/~kriz/cifar.html",
      license: { title: "none stated", spdx: "", url: "" },
    }],
    async *pictures(size) {
      for (const [file, split] of layout.files) {
        const path = join(root, file);
        const bytes = await readData(path, layout);
        for (let at = 0; at < bytes.length; at += record) {
          const key = `${file} record ${at / record}`;
          yield readRecord(
            bytes.subarray(at, at + record),
            names,
            join(root, key),
            key,
            split,
            size,
          );
        }
      }
    },
  };
}

function readRecord(
  record: Uint8Array,
  names: readonly (readonly string[])[],
  path: string,
  concept: string,
  split: Split,
  size: number,
): SourcePicture | BrokenPicture {
  const planes = record.subarray(names.length);
  if (planes.length !== 3 * AREA) {
    return { broken: path, reason: "the file ends in its middle" };
  }
  const [group, subgroup] = names.map((list, i) => list[record[i]!]);
  const label = names.length === 1 ? group : subgroup;
  if (group === undefined || label === undefined) {
    return {
      broken: path,
      reason: `its label has no name: ${record.subarray(0, names.length)}`,
    };
  }
  const rgba = new Uint8Array(4 * AREA).fill(255);
  for (let i = 0; i < planes.length; i++) {
    rgba[4 * (i % AREA) + Math.floor(i / AREA)] = planes[i]!;
  }
  const pixels = fitSquare({ width: SIDE, height: SIDE, rgba }, size, "crop");
  return {
    concept,
    label,
    group,
    ...(subgroup !== undefined && { subgroup }),
    split,
    pixels,
  };
}

async function isFolder(path: string): Promise<boolean> {
  return await Deno.stat(path).then((stat) => stat.isDirectory, () => false);
}

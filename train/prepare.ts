/**
 * Builds data sets: draws the emoji, or reads pictures from elsewhere.
 *
 * ```sh
 * deno task prepare --size 32,64
 * deno task prepare --source folder --from pictures/cats --size 64
 * ```
 *
 * @module
 */

import { join } from "node:path";
import { collect } from "./data/collect.ts";
import { datasetName, recipeOf } from "./data/recipe.ts";
import { SOURCES } from "./data/sources/registry.ts";
import { saveDataset } from "./dataset.ts";
import { type OptionValues, runProgram, UsageError } from "./options.ts";
import { createProgress } from "./progress.ts";

const kinds = Object.entries(SOURCES).map(([name, { about }]) =>
  `  ${name.padEnd(15)}${about}\n`
);

const SUMMARY = `Builds a data set in the folder <data>/<name>-<size>.

Sources:
${kinds.join("").trimEnd()}`;

const OPTIONS = {
  source: {
    type: "string",
    choices: Object.keys(SOURCES),
    help: "where pictures come from, see above",
    default: "emoji",
  },
  from: { type: "string", help: "folder that the source reads" },
  size: {
    type: "string",
    help: "widths and heights in pixels",
    default: "32,64",
  },
  name: {
    type: "string",
    help: "name of the data set, instead of the folder's or the source's",
  },
  data: { type: "string", help: "root of the data sets", default: "data" },
  fit: {
    type: "string",
    choices: ["crop", "pad"],
    help:
      "keep the centre of an oblong picture, or all of it on transparency; the source decides",
  },
  encoding: {
    type: "string",
    choices: ["premultiplied-rgba", "rgb"],
    help:
      "keep transparency, or put pictures on a background; the source decides",
  },
  background: {
    type: "string",
    choices: ["white", "black"],
    help: "what to put rgb pictures on",
    default: "white",
  },
  styles: {
    type: "string",
    help: "emoji styles, with commas; all if not given",
  },
  only: {
    type: "string",
    help:
      "beginnings of emoji groups or subgroups, with commas: face-,food-drink",
  },
  strict: {
    type: "boolean",
    help: "stop at a broken picture instead of skipping it",
    default: false,
  },
} as const;

async function main(options: OptionValues<typeof OPTIONS>): Promise<void> {
  const { source: kindName, from, data, strict } = options;
  const name = options.name ?? datasetName(kindName, from);
  const kind = SOURCES[kindName]!;
  if (from === undefined && kind.needsFolder !== false) {
    throw new UsageError(
      `Cannot prepare ${kindName} as --from must name the folder to read`,
    );
  }
  const sizes = options.size.split(",").map(parseSize);
  const encoding = (options.encoding ?? kind.encoding) === "rgb"
    ? "rgb"
    : "premultiplied-rgba";
  const progress = createProgress();
  const { fit, styles, only } = options;
  const source = await kind.open({
    from: from ?? "",
    ...(fit && { fit: fit === "pad" ? "pad" : "crop" }),
    ...(styles && { styles: styles.split(",") }),
    ...(only && { only: only.split(",") }),
  });
  const recipe = recipeOf({
    source: kindName,
    from,
    background: encoding === "rgb" ? options.background : undefined,
    styles: styles?.split(","),
    only: only?.split(","),
  });
  for (const size of sizes) {
    const dir = join(data, `${name}-${size}`);
    const onProgress = (done: number, total: number) =>
      progress.show(`${dir}: ${done} of ${total} pictures`);
    const { dataset, skipped } = await collect(source, {
      size,
      encoding,
      background: options.background,
      recipe,
      strict,
      onProgress,
    });
    await saveDataset(dir, dataset);
    for (const { broken, reason } of skipped) {
      progress.log(`skipped ${broken}: ${reason}`);
    }
    const { total, train, heldOut, concepts } = dataset.manifest.counts;
    progress.log(
      `${dir}: ${total} pictures of ${concepts} concepts (${train} to train on, ${heldOut} held out), ${skipped.length} skipped`,
    );
  }
}

function parseSize(text: string): number {
  const size = Number(text);
  if (Number.isInteger(size) && size >= 4 && size <= 1024) return size;
  throw new UsageError(
    `Cannot use --size as it must be whole numbers from 4 to 1024: current value is ${text}`,
  );
}

if (import.meta.main) await runProgram(SUMMARY, OPTIONS, main);

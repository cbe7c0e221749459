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
import { parseArgs } from "node:util";
import { collect } from "./data/collect.ts";
import { SOURCES } from "./data/sources/registry.ts";
import { saveDataset } from "./dataset.ts";

const HELP = `Usage: deno task prepare [options]

Builds a data set in DIR/NAME-SIZE: pictures.bin and manifest.json.

  --source KIND     where pictures come from                             [emoji]
${
  Object.entries(SOURCES).map(([name, { about }]) =>
    `      ${name.padEnd(14)}${about}`
  ).join("\n")
}
  --from FOLDER     folder that the source reads
  --size N[,N…]     widths and heights in pixels                         [32,64]
  --name NAME       name of the data set                       [the source kind]
  --data DIR        root of the data sets                                 [data]
  --fit HOW         crop: keep the centre of an oblong picture;
                    pad: keep all of it on a transparent background       [crop]
  --encoding HOW    premultiplied-rgba, or rgb on white  [rgb for photo data sets]
  --strict          stop at a broken picture instead of skipping it
  --help            print this text`;

const OPTIONS = {
  source: { type: "string", default: "emoji" },
  from: { type: "string" },
  size: { type: "string", default: "32,64" },
  name: { type: "string" },
  data: { type: "string", default: "data" },
  fit: { type: "string", default: "crop" },
  encoding: { type: "string" },
  strict: { type: "boolean", default: false },
  help: { type: "boolean", default: false },
} as const;

if (import.meta.main) {
  try {
    await main(Deno.args);
  } catch (error) {
    console.error(error instanceof Error ? error.message : error);
    Deno.exit(1);
  }
}

async function main(args: string[]): Promise<void> {
  const { values } = parseArgs({ args, options: OPTIONS });
  if (values.help) return console.log(HELP);
  const { name = values.source, from } = values;
  const kind = SOURCES[oneOf("--source", Object.keys(SOURCES), values.source)]!;
  const fit = oneOf("--fit", ["crop", "pad"], values.fit);
  const encoding = oneOf(
    "--encoding",
    ["premultiplied-rgba", "rgb"],
    values.encoding ?? kind.encoding,
  );
  const sizes = values.size.split(",").map(parseSize);
  if (from === undefined && kind.needsFolder !== false) {
    throw new TypeError(
      `Cannot prepare ${values.source} as --from must name the folder to read`,
    );
  }
  const source = await kind.open(from ?? "", fit);
  for (const size of sizes) {
    const dir = join(values.data, `${name}-${size}`);
    const onProgress = progressLine(dir);
    const { strict } = values;
    const { dataset, skipped } = await collect(source, {
      size,
      encoding,
      strict,
      onProgress,
    });
    await saveDataset(dir, dataset);
    for (const { broken, reason } of skipped) {
      console.error(`Skipped ${broken}: ${reason}`);
    }
    const { total, train, heldOut, concepts } = dataset.manifest.counts;
    console.log(
      `${dir}: ${total} pictures of ${concepts} concepts (${train} to train on, ${heldOut} held out), ${skipped.length} skipped`,
    );
  }
}

function oneOf<T extends string>(option: string, known: T[], value: string): T {
  const found = known.find((name) => name === value);
  if (found !== undefined) return found;
  throw new RangeError(
    `Cannot prepare pictures as ${option} must be one of ${
      known.join(", ")
    }: current value is ${value}`,
  );
}

function parseSize(text: string): number {
  const size = Number(text);
  if (Number.isInteger(size) && size >= 4 && size <= 1024) return size;
  throw new RangeError(
    `Cannot prepare pictures as --size must be integers from 4 to 1024: current value is ${text}`,
  );
}

/** Shows on a terminal how far the work is; says nothing elsewhere. */
function progressLine(what: string): (done: number, total: number) => void {
  return (done, total) => {
    if (!Deno.stderr.isTerminal() || (done % 50 !== 0 && done !== total)) {
      return;
    }
    const line = `\r${what}: ${done} of ${total}${done === total ? "\n" : ""}`;
    Deno.stderr.writeSync(new TextEncoder().encode(line));
  };
}

/**
 * Trains the emoji notebook without its faults and with them, and measures what each costs: `deno task faults --help`.
 *
 * @module
 */

import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { type OwnPicture, tile } from "@emoji/diffusion/image";
import { encodePng } from "@emoji/diffusion/png";
import type { ModelNetwork } from "@emoji/diffusion/model-sampler";
import { BACKENDS, chooseBackend } from "./backend.ts";
import { openEngine } from "./engine/engine.ts";
import { loadClassifier } from "./metrics/classifier.ts";
import { randomModel } from "./metrics/evaluation.ts";
import {
  compareFaults,
  faultTable,
  type NamedPictures,
} from "./metrics/fault_figures.ts";
import { openEmbedder } from "./metrics/feature_session.ts";
import { drawnPictures, realPictures, toPicture } from "./metrics/pictures.ts";
import { draftModel, previewConfig } from "./model_config.ts";
import { type OptionTable, type OptionValues, runProgram } from "./options.ts";
import { FAULTS, trainingFaults, withFaults } from "./presets/faults.ts";
import { createProgress, type Progress } from "./progress.ts";
import { remember } from "./remember.ts";
import { datasetFolder } from "./run_dataset.ts";
import { channelsFirst, drawSamples } from "./sheet.ts";
import { readTrainedRun, type TrainedRun } from "./trained_run.ts";

const OPTIONS = {
  images: {
    type: "number",
    integer: true,
    default: 50_000,
    min: 1,
    help: "pictures that each of the four runs sees",
  },
  samples: {
    type: "number",
    integer: true,
    default: 48,
    min: 4,
    max: 256,
    help: "samples a variant",
  },
  columns: {
    type: "number",
    integer: true,
    default: 10,
    min: 1,
    help: "samples a row of the sheet",
  },
  data: { type: "string", default: "data", help: "folder of the data sets" },
  out: {
    type: "string",
    default: "runs/faults",
    help: "folder of the runs, the table and the sheet; what is there goes on",
  },
  backend: {
    type: "string",
    default: "auto",
    choices: ["auto", ...BACKENDS],
    help: "where to compute",
  },
  precision: {
    type: "string",
    default: "float32",
    choices: ["float32", "bfloat16"],
    help: "type of the pictures inside the network, native backend",
  },
} as const satisfies OptionTable;

type Options = OptionValues<typeof OPTIONS>;

/** Faults of each variant: none, each by itself, all. */
const VARIANTS: Readonly<Record<string, readonly string[]>> = {
  "none": [],
  ...Object.fromEntries(Object.keys(FAULTS).map((name) => [name, [name]])),
  "all": Object.keys(FAULTS),
};

/** Name of the run that a variant is drawn from. */
function runOf(faults: readonly string[]): string {
  return trainingFaults(faults).join("+") || "sound";
}

/** Trains a run, or goes on with it, as `deno task train` does. */
async function train(
  faults: readonly string[],
  { images, data, out, backend, precision }: Options,
): Promise<void> {
  const learned = trainingFaults(faults);
  const { code } = await new Deno.Command("deno", {
    args: [
      ...["run", "--allow-read", "--allow-write", "--allow-env"],
      ...["--allow-sys", "--allow-ffi", "--allow-run=python3,python"],
      fileURLToPath(new URL("./train.ts", import.meta.url)),
      ...["--preset", "emoji-notebook", "--run", join(out, runOf(faults))],
      ...["--images", String(images), "--data", data, "--workers", "1"],
      ...["--backend", backend, "--precision", precision],
      ...["--sheet-seconds", "1000000"],
      ...(learned.length > 0 ? ["--faults", learned.join(",")] : []),
    ],
    stderr: "inherit",
  }).output();
  if (code !== 0) {
    throw new Error(
      `Cannot compare faults as training ${runOf(faults)} ended with ${code}`,
    );
  }
}

/** Draws the samples of the variants of one run. */
async function drawVariants(
  names: readonly string[],
  run: TrainedRun,
  options: Options,
  progress: Progress,
): Promise<NamedPictures[]> {
  const { checkpoint: { config }, layout, dataset, weights } = run;
  const engine = await openEngine({
    config: { ...config, batch: 1 },
    parameters: weights.length,
    data: datasetFolder(options.data, config),
    backend: await chooseBackend(options.backend),
    precision: options.precision,
    workers: 1,
    threads: 1,
  });
  const model = previewConfig(
    draftModel("notebook", config, layout, dataset.manifest),
  );
  const network: ModelNetwork = remember(channelsFirst(
    model.image,
    (inputs) => engine.predict(weights, inputs),
  ));
  const seeds = Array.from({ length: options.samples }, (_, i) => i);
  const drawn: NamedPictures[] = [];
  try {
    for (const name of names) {
      progress.show(`samples with faults: ${name}`);
      const { faults } = withFaults(config, VARIANTS[name]!);
      const planes = await drawSamples(model, network, {
        seeds,
        conditions: seeds.map(() => ({})),
        batch: options.samples,
        faults,
      });
      drawn.push({ name, pictures: drawnPictures(model, planes) });
    }
  } finally {
    engine.close();
  }
  return drawn;
}

/** A row of pictures a variant. */
function sheet(
  variants: readonly NamedPictures[],
  columns: number,
): OwnPicture {
  const rows = variants.flatMap(({ pictures }) =>
    Array.from({ length: columns }, (_, i) => toPicture(pictures, i))
  );
  return tile(rows, { columns, gap: 2 });
}

await runProgram(
  "Trains the emoji notebook without and with each of its faults, and measures what each costs in colour and distance.",
  OPTIONS,
  async (options) => {
    const progress = createProgress();
    const names = Object.keys(VARIANTS);
    const runs = Map.groupBy(names, (name) => runOf(VARIANTS[name]!));
    const drawn = new Map<string, NamedPictures>();
    let run: TrainedRun | undefined;
    for (const [folder, names] of runs) {
      await train(VARIANTS[names[0]!]!, options);
      run = await readTrainedRun({
        run: join(options.out, folder),
        data: options.data,
      });
      for (
        const variant of await drawVariants(names, run, options, progress)
      ) {
        drawn.set(variant.name, variant);
      }
    }
    const variants = names.map((name) => drawn.get(name)!);
    const { dataset } = run!;
    const real = realPictures(dataset, [...dataset.train, ...dataset.heldOut]);
    const rows = await compareFaults(real, variants, {
      random: await openEmbedder(randomModel(real.size)),
      classifier: await openEmbedder((await loadClassifier()).model),
    });
    const table = faultTable(rows);
    const columns = Math.min(options.columns, options.samples);
    await Deno.writeFile(
      join(options.out, "sheet.png"),
      encodePng(
        sheet([{ name: "real", pictures: real }, ...variants], columns),
      ),
    );
    await Deno.writeTextFile(join(options.out, "faults.md"), table + "\n");
    await Deno.writeTextFile(
      join(options.out, "faults.json"),
      JSON.stringify({ options, rows }, null, 2) + "\n",
    );
    progress.log(table);
    progress.log(
      `${options.out}/sheet.png: real pictures, then ${names.join(", ")}`,
    );
  },
);
Deno.exit(0);

/**
 * Draws pictures drowning in noise: `deno task noise --help`.
 *
 * @module
 */

import {
  type ImageShape,
  pictureToPlanes,
  planesToPicture,
  tile,
} from "@emoji/diffusion/image";
import { openProcess } from "@emoji/diffusion/open-process";
import { isOpaque, type Picture } from "@emoji/diffusion/png";
import { philoxNoise } from "@emoji/diffusion/random";
import { decodeImage } from "./data/decode_image.ts";
import { fitSquare } from "./data/fit.ts";
import { straighten } from "./data/premultiply.ts";
import {
  type OptionTable,
  type OptionValues,
  runProgram,
  UsageError,
} from "./options.ts";
import {
  noiseAtOnce,
  noiseStepByStep,
  type NoisingFrame,
  shownSteps,
} from "./pictures/noising.ts";
import {
  checkPictureFile,
  encodePictureFile,
} from "./pictures/picture_file.ts";
import { pixelText, stack, titled } from "./pictures/pixel_text.ts";

const OPTIONS = {
  image: {
    type: "string",
    help: "PNG, JPEG, WebP or SVG file; several with commas between them",
  },
  size: {
    type: "number",
    integer: true,
    default: 128,
    min: 8,
    max: 1024,
    help: "width and height of a panel",
  },
  steps: {
    type: "number",
    integer: true,
    default: 100,
    min: 1,
    max: 100_000,
    help: "steps of the process",
  },
  every: {
    type: "number",
    integer: true,
    default: 20,
    min: 1,
    help: "steps between panels; the last step is always shown",
  },
  schedule: {
    type: "string",
    default: "linear",
    choices: ["linear", "quadratic", "cosine", "sigmoid"],
    help: "how the noise grows",
  },
  "beta-start": {
    type: "number",
    default: 1e-4,
    min: 1e-9,
    max: 1,
    help: "first β, linear and quadratic",
  },
  "beta-end": {
    type: "number",
    default: 0.05,
    min: 1e-9,
    max: 1,
    help: "last β, linear and quadratic",
  },
  seed: {
    type: "number",
    integer: true,
    default: 0,
    min: 0,
    help: "seed of the noise",
  },
  background: {
    type: "string",
    help: "RRGGBB behind transparent pictures (default none)",
  },
  out: {
    type: "string",
    default: "noise.png",
    help: "file to write: .png or .gif, which moves",
  },
} as const satisfies OptionTable;

type Options = OptionValues<typeof OPTIONS>;

/** A picture in the form that is noised. */
interface CleanPicture {
  shape: ImageShape;
  planes: Float32Array;
}

/** Reads and crops a picture; transparency is kept where there is any. */
async function readPicture(file: string, size: number): Promise<CleanPicture> {
  const picture = await decode(file, size);
  const square = {
    width: size,
    height: size,
    rgba: straighten(fitSquare(picture, size, "crop")),
  };
  const opaque = isOpaque(square.rgba);
  const shape: ImageShape = {
    width: size,
    height: size,
    channels: opaque ? 3 : 4,
    encoding: opaque ? "rgb" : "premultiplied-rgba",
  };
  return { shape, planes: pictureToPlanes(square, shape) };
}

async function decode(file: string, size: number): Promise<Picture> {
  try {
    return await decodeImage(await Deno.readFile(file), size);
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : cause;
    throw new Error(`Cannot read picture ${file}: ${reason}`, { cause });
  }
}

/** The levels after 0, 1, … steps. */
function processLevels(options: Options) {
  const betas = ["linear", "quadratic"].includes(options.schedule);
  const process = openProcess({
    type: "vp",
    schedule: {
      type: options.schedule,
      length: options.steps,
      ...(betas &&
        { start: options["beta-start"], end: options["beta-end"] }),
    },
    prediction: "epsilon",
  });
  return Array.from(
    { length: options.steps + 1 },
    (_, step) => process.level(step - 1),
  );
}

/** Both ways of noising each picture, from the same seed: two rows of frames a picture. */
function noise(
  pictures: readonly CleanPicture[],
  options: Options,
): { name: string; shape: ImageShape; frames: NoisingFrame[] }[] {
  const levels = processLevels(options);
  const shown = shownSteps(options.steps, options.every);
  return pictures.flatMap(({ shape, planes }, i) => {
    const root = philoxNoise(options.seed).split(i);
    return [
      {
        name: "step by step",
        shape,
        frames: noiseStepByStep(planes, levels, shown, root.split(0)),
      },
      {
        name: "in closed form",
        shape,
        frames: noiseAtOnce(planes, levels, shown, root.split(1)),
      },
    ];
  });
}

await runProgram(
  "Draws a picture drowning in noise: step by step, and below it in closed form.",
  OPTIONS,
  async (options) => {
    checkPictureFile(options);
    if (!options.image) {
      throw new UsageError(
        "Cannot draw as --image must name a picture: current value is none",
      );
    }
    const { size, out } = options;
    const files = options.image.split(",");
    const pictures = await Promise.all(
      files.map((file) => readPicture(file, size)),
    );
    const rows = noise(pictures, options);
    const scale = Math.max(1, Math.floor(size / 48));
    const panels = rows.map(({ shape, frames }) =>
      frames.map(({ step, x }) =>
        titled(`${step}`, planesToPicture(x, shape), scale)
      )
    );
    const strip = out.endsWith(".gif")
      ? panels[0]!.map((_, k) =>
        tile(panels.map((row) => row[k]!), { columns: 2, gap: 4 })
      )
      : [stack(
        rows.flatMap(({ name }, i) => {
          const row = tile(panels[i]!, { columns: panels[i]!.length, gap: 4 });
          return [pixelText(name, { width: row.width, scale }), row];
        }),
        2 * scale,
      )];
    await Deno.writeFile(out, encodePictureFile(strip, options));
    console.log(`${out}: ${options.steps} steps from ${files.join(", ")}`);
  },
);

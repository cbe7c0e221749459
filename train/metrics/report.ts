/**
 * An evaluation in a form that people and programs read.
 *
 * @module
 */

import type { SamplingPlan } from "@emoji/diffusion/model-sampler";
import { type Denoising, denoisingTable } from "./denoising.ts";
import type { Figures } from "./figures.ts";
import { SPACES } from "./messages.ts";
import {
  decimal,
  figureRows,
  type Floors,
  markdownTable,
  rowCells,
} from "./table.ts";

/** One way of sampling and what came of it. */
export interface Variant
  extends Pick<SamplingPlan, "sampler" | "steps" | "guidance"> {
  /** The figures of the samples. */
  readonly figures: Figures;
  /** Wall time of drawing, in seconds, on all threads together. */
  readonly seconds: number;
}

/** A whole evaluation: `evaluation.json`. */
export interface Report extends Floors {
  /** Version of this format. */
  readonly version: 1;
  /** The model and the SHA-256 of its networks. */
  readonly model: {
    readonly name: string;
    readonly sha256: string;
    readonly upsampler?: string;
  };
  /** SHA-256 of the data set's pictures. */
  readonly dataset: string;
  /** What spans the feature spaces: figures compare only where these agree. */
  readonly spaces: {
    readonly classifier: string;
    readonly randomNetworkSeed: number;
  };
  /** First seed of the samples. */
  readonly seed: number;
  /** Figures of the real held-out pictures. */
  readonly real: Figures;
  /** Losses on real pictures with noise. */
  readonly denoising: Denoising;
  /** The samples, one entry a way of sampling. */
  readonly variants: readonly Variant[];
}

/** How far fewer steps fall behind the most: at most this ratio of Fréchet distances. */
const STEPS_BAR = 1.15;

const HEADER = ["", "samples", "real held-out", "ratio", "bar"];

/** Name of a variant, for headings and files: "dpmpp-2m-50-w2". */
export function variantName(
  { sampler, steps, guidance }: Omit<Variant, "figures" | "seconds">,
): string {
  return `${sampler}-${steps}-w${guidance}`;
}

/** Writes the tables of one variant. */
export function variantTable(report: Report, { figures }: Variant): string {
  const rows = figureRows(figures, report.real, report);
  return markdownTable(HEADER, rows.map(rowCells));
}

/** Compares the Fréchet distances of all variants with that of the most steps. */
export function stepsTable({ variants }: Report): string {
  const most = variants.reduce((a, b) => b.steps > a.steps ? b : a);
  const rows = variants.map((variant) => [
    variantName(variant),
    ...SPACES.flatMap((space) => {
      const { fd } = variant.figures.distances[space];
      const ratio = fd / most.figures.distances[space].fd;
      const met = variant === most
        ? ""
        : ` (≤ ${STEPS_BAR} ${ratio <= STEPS_BAR ? "yes" : "no"})`;
      return [decimal(fd), `${ratio.toFixed(2)}${met}`];
    }),
    variant.seconds.toFixed(0),
  ]);
  const header = SPACES.flatMap((space) => [`FD, ${space}`, "to most steps"]);
  return markdownTable(["", ...header, "seconds"], rows);
}

/** Writes the report as Markdown; sheets lie beside it as `samples-NAME.png` and `neighbours-NAME.png`. */
export function reportMarkdown(report: Report): string {
  const { model, real, variants } = report;
  const sections = variants.map((variant) => {
    const name = variantName(variant);
    const { sampler, steps, guidance } = variant;
    return `## ${steps} steps, ${sampler}, guidance ${guidance}

${variantTable(report, variant)}

The first samples, unpicked:

![Samples](samples-${name}.png)

Samples beside their two nearest training pictures, the likeliest copies first:

![Samples and neighbours](neighbours-${name}.png)
`;
  });
  return `# Evaluation of ${model.name}

${real.count} samples for the conditions of ${real.count} held-out pictures, from seed ${report.seed} on. The column
"real held-out" has the same figure of those held-out pictures: a perfect model would get it. FD and KID are taken to
the training pictures; what colours are off by is taken to the held-out ones, and its floor is what two groups of as
many real pictures differ by. Beside half-transparent pixels and corners stand those of the training pictures, as they
are rare.

Network ${model.sha256.slice(0, 12)}, data set ${
    report.dataset.slice(0, 12)
  }, classifier ${
    report.spaces.classifier.slice(0, 12)
  }, random network seed ${report.spaces.randomNetworkSeed}.

${stepsTable(report)}

## Denoising

Squared error of the network's own answer to real pictures with noise of deviation σ, with their conditions and without
guidance but what is folded in, mean ± standard error; "training" has as many pictures that it learned from.

${denoisingTable(report.denoising)}

${sections.join("\n")}`;
}

/**
 * Figures as rows: what was measured, the same of real pictures, and the bar where there is one.
 *
 * @module
 */

import type { ColourDistance } from "./colour.ts";
import type { Figures } from "./figures.ts";
import { SPACES } from "./messages.ts";
import type { Transparency } from "./transparency.ts";

/** One figure beside its floor. */
export interface Row {
  /** What it is. */
  readonly name: string;
  /** Of the samples. */
  readonly value: string;
  /** Of real held-out pictures, or what chance does to real pictures. */
  readonly real: string;
  /** Samples over real; NaN where real is 0. */
  readonly ratio: number;
  /** What is asked for. */
  readonly bar?: string;
  /** Whether the bar is met. */
  readonly met?: boolean;
}

type Bar = readonly [
  text: string,
  met: (ratio: number, value: number) => boolean,
];

const AT_MOST_TWICE: Bar = ["≤ 2×", (ratio) => ratio <= 2];
const WITHIN_A_FIFTH: Bar = [
  "0.8–1.2×",
  (ratio) => ratio >= 0.8 && ratio <= 1.2,
];
const FOUR_FIFTHS: Bar = ["≥ 0.8×", (ratio) => ratio >= 0.8];
const NO_NEARER: Bar = ["≥ 0.9×", (ratio) => ratio >= 0.9];
const FEW: Bar = ["≤ 0.5 %", (_, value) => value <= 0.005];

/** What takes more real pictures than were held out. */
export interface Floors {
  /** Distance of the colours of two groups of as many real pictures. */
  readonly colourFloor: ColourDistance;
  /** Of the training pictures: too few held-out ones have haze, or anything in a corner. */
  readonly transparency: Transparency;
}

/** Lays figures of samples beside those of real pictures. */
export function figureRows(
  samples: Figures,
  real: Figures,
  { colourFloor, transparency }: Floors,
): Row[] {
  const distances = SPACES.flatMap((space) => {
    const [a, b] = [samples.distances[space], real.distances[space]];
    return [
      row(`FD, ${space}`, a.fd, b.fd, decimal, AT_MOST_TWICE),
      {
        ...row(`KID, ${space}`, a.kid.mean, b.kid.mean, decimal),
        value: `${decimal(a.kid.mean)} ± ${decimal(a.kid.sd)}`,
        real: `${decimal(b.kid.mean)} ± ${decimal(b.kid.sd)}`,
      },
    ];
  });
  const manifold = (["precision", "recall", "density", "coverage"] as const)
    .map((name) => row(name, samples.manifold[name], real.manifold[name]));
  /** Left out where no picture has a label that the classifier knows. */
  const agreed = (name: string, key: keyof Figures["agreement"], bar?: Bar) =>
    Number.isNaN(real.agreement[key])
      ? []
      : row(name, samples.agreement[key], real.agreement[key], percent, bar);
  const memory = samples.memorisation;
  return [
    distances,
    manifold,
    agreed("classifier: group", "group"),
    agreed("classifier: group in top 5", "groupTop5", FOUR_FIFTHS),
    agreed("classifier: subgroup", "subgroup"),
    agreed("classifier: subgroup in top 5", "subgroupTop5", FOUR_FIFTHS),
    agreed("classifier: style", "style"),
    row("mean saturation", samples.saturation, real.saturation, decimal),
    row(
      "saturation off by",
      Math.abs(samples.colour.saturation),
      colourFloor.saturation,
      decimal,
      AT_MOST_TWICE,
    ),
    row(
      "hue histogram off by",
      samples.colour.hue,
      colourFloor.hue,
      decimal,
      AT_MOST_TWICE,
    ),
    row(
      "half-transparent inside",
      samples.transparency.haze,
      transparency.haze,
      percent,
      WITHIN_A_FIFTH,
    ),
    row(
      "alpha of corners",
      samples.transparency.corners,
      transparency.corners,
      percent,
      WITHIN_A_FIFTH,
    ),
    row("copies", memory.copies, real.memorisation.copies, percent, FEW),
    row("nearer than real ones", samples.suspicious, real.suspicious, percent),
    row(
      "median distance to training",
      memory.median,
      real.memorisation.median,
      decimal,
      NO_NEARER,
    ),
  ].flat();
}

function row(
  name: string,
  value: number,
  real: number,
  format: (value: number) => string = decimal,
  bar?: Bar,
): Row {
  const ratio = real === 0 ? NaN : value / real;
  return {
    name,
    value: format(value),
    real: format(real),
    ratio,
    ...(bar && { bar: bar[0], met: bar[1](ratio, value) }),
  };
}

/** Three decimals, or three digits where they are more. */
export function decimal(value: number): string {
  return Math.abs(value) >= 100 ? value.toFixed(0) : value.toFixed(3);
}

function percent(value: number): string {
  return `${(100 * value).toFixed(value > 0 && value < 0.01 ? 2 : 1)} %`;
}

/** Writes rows as a Markdown table, padded so that it also reads on a terminal. */
export function markdownTable(
  header: readonly string[],
  rows: readonly (readonly string[])[],
): string {
  const widths = header.map((title, column) =>
    Math.max(title.length, ...rows.map((cells) => cells[column]!.length))
  );
  const line = (cells: readonly string[]) =>
    `| ${
      cells.map((cell, column) =>
        column === 0
          ? cell.padEnd(widths[column]!)
          : cell.padStart(widths[column]!)
      ).join(" | ")
    } |`;
  const rule = widths.map((width, column) =>
    column === 0 ? "-".repeat(width) : "-".repeat(width - 1) + ":"
  );
  return [header, rule, ...rows].map(line).join("\n");
}

/** The cells of a row: name, samples, real, ratio, bar and whether it is met. */
export function rowCells(
  { name, value, real, ratio, bar, met }: Row,
): string[] {
  return [
    name,
    value,
    real,
    Number.isNaN(ratio) ? "–" : ratio.toFixed(2),
    bar === undefined ? "" : `${bar} ${met ? "yes" : "no"}`,
  ];
}

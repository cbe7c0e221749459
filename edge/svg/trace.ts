import type { Picture } from "@emoji/diffusion/png";
import { traceContours } from "./contours.ts";
import { labelAreas, type Labels } from "./labels.ts";
import { toPath } from "./path.ts";

/** Most colours of a tracing. */
const COLOURS = 14;

/** Areas are traced at this many times the picture's resolution. */
const SCALE = 4;

/** Options for {@linkcode traceSvg}. */
export interface TraceOptions {
  /** Width and height of the drawing in pixels. */
  width: number;
  /** Height of the drawing in pixels. */
  height: number;
  /** Colour behind everything, RRGGBBAA. */
  background?: string | undefined;
  /** What the file is, for its `<title>`. */
  title: string;
  /** Who may use it, for its `<desc>`. */
  license: string;
}

/**
 * Draws a picture as areas of flat colour with smooth edges, crisp at any size.
 *
 * @param picture The picture, as small as it comes from the network.
 * @param options Size and texts.
 * @returns An SVG document without scripts, styles or references.
 */
export function traceSvg(picture: Picture, options: TraceOptions): string {
  const { width, height, background, title, license } = options;
  const labels = labelAreas(picture, SCALE, COLOURS);
  const areas = labels.palette.map((colour, label) => ({
    colour: hex(colour),
    pixels: labels.indices.reduce(
      (sum, index) => sum + (index === label ? 1 : 0),
      0,
    ),
    path: contourPath(labels.indices, labels, label),
  })).filter(({ path }) => path !== "").sort((a, b) => b.pixels - a.pixels);
  const solid = labels.indices.map((index) =>
    index === labels.palette.length ? 0 : 1
  );
  const outline = contourPath(solid, labels, 1);
  const id = `outline-${outline.length}-${areas.length}`;
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}" viewBox="0 0 ${picture.width} ${picture.height}">`,
    `<title>${escape(title)}</title><desc>${escape(license)}</desc>`,
    background === undefined
      ? ""
      : `<path ${
        fill(background)
      } d="M0 0h${picture.width}v${picture.height}H0z"/>`,
    `<clipPath id="${id}"><path clip-rule="evenodd" d="${outline}"/></clipPath>`,
    // A line of its own colour around each area closes the seams; the outline cuts off what is outside.
    `<g clip-path="url(#${id})" fill-rule="evenodd" stroke-width=".5" stroke-linejoin="round">`,
    ...areas.map(({ colour, path }) =>
      `<path fill="${colour}" stroke="${colour}" d="${path}"/>`
    ),
    "</g></svg>",
  ].join("");
}

function contourPath(
  indices: Uint8Array,
  { width, height }: Labels,
  label: number,
): string {
  return traceContours(indices, width, height, label).map((loop) =>
    toPath(loop, 1 / SCALE)
  ).join("");
}

/** Attributes for a colour RRGGBBAA; SVG 1.1 knows no digits of opacity. */
function fill(colour: string): string {
  const opacity = parseInt(colour.slice(6), 16) / 255;
  return `fill="#${colour.slice(0, 6)}"${
    opacity === 1 ? "" : ` fill-opacity="${Number(opacity.toFixed(3))}"`
  }`;
}

function hex(colour: readonly number[]): string {
  return `#${
    colour.map((value) => value.toString(16).padStart(2, "0")).join("")
  }`;
}

function escape(text: string): string {
  return text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(
    ">",
    "&gt;",
  );
}

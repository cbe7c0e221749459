import { type Axis, compact, linearAxis, logAxis } from "./axis.ts";
import { escapeHtml } from "./escape_html.ts";

/** A line of a chart. */
export interface Series {
  /** What it shows, for the legend. */
  readonly name: string;
  /** Number of the colour in the page's style, from 1. */
  readonly colour: number;
  /**
   * Whether the line is dashed.
   * @default {false}
   */
  readonly dashed?: boolean;
  /**
   * Whether the legend names it.
   * @default {true}
   */
  readonly inLegend?: boolean;
  /** Points, rising in x; those with a y that is not finite are left out. */
  readonly points: readonly (readonly [x: number, y: number])[];
}

/** A chart. */
export interface LineChart {
  /** Heading. */
  readonly title: string;
  /** What it means, in a sentence. */
  readonly note?: string;
  /** Its lines. */
  readonly series: readonly Series[];
  /**
   * Whether y is logarithmic; points with a y that is not positive are left out.
   * @default {false}
   */
  readonly log?: boolean;
}

const WIDTH = 600;
const HEIGHT = 250;
const LEFT = 52;
const RIGHT = 578;
const TOP = 10;
const BOTTOM = 222;

/** Points of a line at most: more cannot be seen. */
const MAX_POINTS = 300;

/** Draws a chart over pictures seen, as a `<figure>`; the page's script reads its `data-series`. */
export function lineChart(
  { title, note, series, log = false }: LineChart,
): string {
  const lines = series.map((line) => ({
    ...line,
    points: thin(line.points.filter(([, y]) => !log || y > 0)),
  })).filter(({ points }) => points.length > 0);
  const heading = `<figcaption><h2>${escapeHtml(title)}</h2>${
    note === undefined ? "" : `<p>${escapeHtml(note)}</p>`
  }</figcaption>`;
  if (lines.length === 0) {
    return `<figure class="chart">${heading}<p class="empty">nothing yet</p></figure>`;
  }
  const xs = lines.flatMap(({ points }) => points.map(([x]) => x));
  const ys = lines.flatMap(({ points }) => withoutSpikes(points));
  const x = linearAxis(xs, LEFT, RIGHT);
  const y = log ? logAxis(ys, BOTTOM, TOP) : linearAxis(ys, BOTTOM, TOP);
  const data = lines.map(({ name, colour, points }) => ({
    name,
    colour,
    points: points.map(([px, py]) => [
      Math.round(x.at(px)),
      Math.round(y.at(py)),
      compact(px),
      compact(py),
    ]),
  }));
  return `<figure class="chart" data-series="${
    escapeHtml(JSON.stringify(data))
  }">${heading}
<svg viewBox="0 0 ${WIDTH} ${HEIGHT}" role="img" aria-label="${
    escapeHtml(title)
  }">
${grid(x, y)}
${lines.map((line) => path(line, x, y)).join("\n")}
<line class="cursor" y1="${TOP}" y2="${BOTTOM}" />
</svg>${legend(lines)}<div class="tip" hidden></div></figure>`;
}

/** Averages neighbours where there are more points than can be seen. */
export function thin(
  points: Series["points"],
  most = MAX_POINTS,
): [number, number][] {
  const finite = points.filter(([x, y]) => Number.isFinite(x + y));
  const group = Math.max(1, Math.ceil(finite.length / most));
  const out: [number, number][] = [];
  for (let i = 0; i < finite.length; i += group) {
    const part = finite.slice(i, i + group);
    const mean = (k: 0 | 1) =>
      part.reduce((sum, point) => sum + point[k], 0) / part.length;
    out.push([mean(0), mean(1)]);
  }
  return out;
}

/** Values that the axis must hold: not those of a lone spike, whose line leaves the chart at the top. */
function withoutSpikes(points: Series["points"]): number[] {
  return points.map(([, y], i) => {
    const neighbours = [points[i - 1]?.[1] ?? y, points[i + 1]?.[1] ?? y];
    return Math.min(y, Math.max(...neighbours));
  });
}

function grid(x: Axis, y: Axis): string {
  const rows = y.ticks.map((tick) => {
    const at = y.at(tick).toFixed(1);
    return `<line x1="${LEFT}" x2="${RIGHT}" y1="${at}" y2="${at}" />` +
      `<text x="${LEFT - 6}" y="${at}" dy="4" class="y">${
        compact(tick)
      }</text>`;
  });
  const columns = x.ticks.map((tick) =>
    `<text x="${x.at(tick).toFixed(1)}" y="${BOTTOM + 18}" class="x">${
      compact(tick)
    }</text>`
  );
  return `<g class="grid">${rows.join("")}${columns.join("")}</g>`;
}

function path({ points, colour, dashed }: Series, x: Axis, y: Axis): string {
  const place = ([px, py]: readonly [number, number]) =>
    `${x.at(px).toFixed(1)} ${Math.max(TOP, y.at(py)).toFixed(1)}`;
  const style = `class="c${colour}${dashed ? " dashed" : ""}"`;
  const [first] = points;
  if (points.length === 1 && first !== undefined) {
    const [cx, cy] = place(first).split(" ");
    return `<circle ${style} cx="${cx}" cy="${cy}" r="3" />`;
  }
  return `<path ${style} d="M${points.map(place).join("L")}" />`;
}

function legend(series: readonly Series[]): string {
  if (series.length < 2) return "";
  const named = series.filter(({ inLegend = true }) => inLegend);
  const items = named.map(({ name, colour, dashed }) =>
    `<li class="c${colour}${dashed ? " dashed" : ""}">${escapeHtml(name)}</li>`
  );
  return `<ul class="legend">${items.join("")}</ul>`;
}

import { LEVEL_NAMES } from "../heldout.ts";
import { formatSeconds } from "../progress.ts";
import type { LogEntry } from "../run_folder.ts";
import { compact } from "./axis.ts";
import { escapeHtml } from "./escape_html.ts";
import { lineChart, type Series } from "./line_chart.ts";
import type { RunRecord } from "./run_record.ts";

/** A sample sheet to show. */
export interface PageSheet {
  /** Steps taken when it was drawn. */
  readonly step: number;
  /** Address of the PNG, or the PNG itself as a data URL. */
  readonly source: string;
}

/** What {@linkcode renderPage} shows. */
export interface PageOptions {
  /** The run. */
  record: RunRecord;
  /** Sheets, oldest first. */
  sheets: readonly PageSheet[];
  /** Text of the page's style sheet. */
  style: string;
  /** Text of the page's script. */
  script: string;
  /** Whether the run goes on; the page then refreshes itself. */
  running: boolean;
}

/** Writes the report of a run as one HTML document that needs no other file. */
export function renderPage(options: PageOptions): string {
  const { record, sheets, style, script, running } = options;
  const { name, entries } = record;
  const title = escapeHtml(name);
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width">
<title>${title} – training report</title>
<style>
${style}</style>
</head>
<body>
<main>
${heading(record, running)}
${numbers(record)}
<div class="charts">
${charts(entries).join("\n")}
</div>
${sheetFigure(sheets, entries)}
${configuration(record)}
</main>
<script>
${script}</script>
</body>
</html>
`;
}

/** Entries that hold a value, as points over pictures seen. */
function pointsOf(
  entries: readonly LogEntry[],
  value: (entry: LogEntry) => number | undefined,
): Series["points"] {
  return entries.flatMap((entry) => {
    const y = value(entry);
    return y === undefined ? [] : [[entry.images, y] as const];
  });
}

function last(points: Series["points"]): number | undefined {
  return points.at(-1)?.[1];
}

function totalImages({ config }: RunRecord): number {
  return Number(config.images) || 0;
}

function heading(record: RunRecord, running: boolean): string {
  const images = record.entries.at(-1)?.images ?? 0;
  const total = totalImages(record);
  const done = total > 0 && images >= total;
  const state = done ? "done" : running ? "running" : "stopped";
  const news = record.updated === 0
    ? ""
    : `last news ${
      new Date(record.updated).toISOString().slice(0, 19).replace("T", " ")
    } UTC`;
  return `<header><h1>${escapeHtml(record.name)}</h1>
<p class="state ${state}">${state}</p><p>${news}</p></header>
<progress max="${total || 1}" value="${images}"></progress>`;
}

function numbers(record: RunRecord): string {
  const { entries } = record;
  const { images = 0, seconds = 0 } = entries.at(-1) ?? {};
  const total = totalImages(record);
  const speed = last(pointsOf(entries, (entry) => entry.speed));
  const left = speed ? (total - images) / speed : undefined;
  const loss = last(pointsOf(entries, ({ loss }) => loss));
  const heldOut = pointsOf(entries, (entry) => entry.heldOut?.mean);
  const best = heldOut.reduce<readonly [number, number] | undefined>(
    (a, b) => a === undefined || b[1] < a[1] ? b : a,
    undefined,
  );
  const rss = last(pointsOf(entries, (entry) => entry.rss));
  const tensors = last(pointsOf(entries, (entry) => entry.tensors));
  const cells: [name: string, value: string, more: string][] = [
    [
      "Images",
      compact(images),
      total > 0
        ? `${(100 * images / total).toFixed(1)} % of ${compact(total)}`
        : "",
    ],
    [
      "Time",
      formatSeconds(seconds),
      left !== undefined && left > 0 ? `${formatSeconds(left)} left` : "",
    ],
    ["Speed", speed === undefined ? "–" : compact(speed), "images a second"],
    ["Loss", loss === undefined ? "–" : loss.toFixed(4), "training batches"],
    [
      "Held-out loss",
      last(heldOut)?.toFixed(4) ?? "–",
      best === undefined
        ? "concepts never seen"
        : `best ${best[1].toFixed(4)} at ${compact(best[0])}`,
    ],
  ];
  if (rss !== undefined) {
    const more = tensors === undefined ? "" : `${tensors} tensors a worker`;
    cells.push(["Memory", `${(rss / 1e9).toFixed(2)} GB`, more]);
  }
  const items = cells.map(([name, value, more]) =>
    `<div><dt>${name}</dt><dd>${value}<small>${more}</small></dd></div>`
  );
  return `<dl class="numbers">${items.join("\n")}</dl>`;
}

function charts(entries: readonly LogEntry[]): string[] {
  const line = (
    name: string,
    colour: number,
    value: (entry: LogEntry) => number | undefined,
    dashed = false,
  ): Series => ({ name, colour, dashed, points: pointsOf(entries, value) });
  const levels = LEVEL_NAMES.flatMap((name, i) => [
    line(`σ ${name}`, i + 3, ({ heldOut }) => heldOut?.byLevel[i]),
    {
      ...line(
        `σ ${name}, training`,
        i + 3,
        ({ train }) => train?.byLevel[i],
        true,
      ),
      inLegend: false,
    },
  ]);
  const drawn = [
    lineChart({
      title: "Loss",
      note:
        "Batches as they are trained on; fixed pictures under the average of the weights.",
      log: true,
      series: [
        line("training batches", 1, ({ loss }) => loss),
        line("held-out pictures", 2, ({ heldOut }) => heldOut?.mean),
        line("training pictures", 2, ({ train }) => train?.mean, true),
      ],
    }),
    lineChart({
      title: "Loss by noise level",
      note:
        "Held-out pictures solid, training pictures dashed: where they part, the network memorises.",
      log: true,
      series: levels,
    }),
    lineChart({
      title: "Gradient norm",
      note: "Before clipping.",
      log: true,
      series: [line("norm", 1, ({ gradientNorm }) => gradientNorm)],
    }),
    lineChart({
      title: "Learning rate",
      series: [line("rate", 1, ({ learningRate }) => learningRate)],
    }),
    lineChart({
      title: "Speed",
      note: "Images a second.",
      series: [line("images/s", 1, ({ speed }) => speed)],
    }),
  ];
  if (entries.some(({ rss }) => rss !== undefined)) {
    drawn.push(lineChart({
      title: "Memory",
      note: "Megabytes of the process.",
      series: [line("MB", 1, ({ rss }) => rss === undefined ? rss : rss / 1e6)],
    }));
  }
  return drawn;
}

function sheetFigure(
  sheets: readonly PageSheet[],
  entries: readonly LogEntry[],
): string {
  const newest = sheets.at(-1);
  if (newest === undefined) return "";
  const imagesAt = new Map(entries.map(({ step, images }) => [step, images]));
  const caption = (step: number) => {
    const images = imagesAt.get(step);
    return images === undefined
      ? `${compact(step)} steps`
      : `${compact(images)} images`;
  };
  const items = sheets.map(({ step, source }) => {
    const text = caption(step);
    return `<li><button value="${step}" aria-pressed="${
      step === newest.step
    }"><img src="${
      escapeHtml(source)
    }" alt="Samples after ${text}">${text}</button></li>`;
  });
  return `<figure class="sheets"><figcaption><h2>Samples</h2><p>The same seeds and conditions each time, under the average of the weights.</p></figcaption>
<img src="${escapeHtml(newest.source)}" alt="Samples after ${
    caption(newest.step)
  }">
<ol>${items.join("")}</ol></figure>`;
}

/** Rows "a.b: value" of nested settings. */
function flatten(value: unknown, path = ""): [path: string, value: string][] {
  if (value !== null && typeof value === "object" && !Array.isArray(value)) {
    return Object.entries(value).flatMap(([key, inner]) =>
      flatten(inner, path === "" ? key : `${path}.${key}`)
    );
  }
  if (Array.isArray(value)) {
    const short = value.map((item) =>
      typeof item === "number" ? compact(item) : JSON.stringify(item)
    );
    return [[path, short.join(", ")]];
  }
  return [[path, String(value)]];
}

function configuration({ config }: RunRecord): string {
  const rows = flatten(config).map(([path, value]) =>
    `<tr><td>${escapeHtml(path)}</td><td>${escapeHtml(value)}</td></tr>`
  );
  return `<details><summary>Configuration</summary><table>${
    rows.join("")
  }</table></details>`;
}

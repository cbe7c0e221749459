import { HttpProblem } from "../http/problem.ts";
import {
  DEFAULT_FORMAT,
  FORMAT_NAMES,
  type FormatName,
  FORMATS,
} from "./formats.ts";

/** Answers by header; browsers and libraries send few different ones. */
const answers = new Map<string, FormatName | null>();
const MEMORY = 256;
const MEMORABLE_LENGTH = 256;

/**
 * The format for a URL that names none: PNG wherever an Accept header allows it, so that one URL is one picture for
 * browsers, caches and programs alike; else the one that the header prefers.
 *
 * @param accept The header, or null if there is none.
 * @returns The format, or null if the header allows none.
 */
export function negotiate(accept: string | null): FormatName | null {
  if (accept === null || accept === "*/*") return DEFAULT_FORMAT;
  let format = answers.get(accept);
  if (format === undefined) {
    format = choose(accept);
    if (answers.size >= MEMORY) answers.clear();
    if (accept.length <= MEMORABLE_LENGTH) answers.set(accept, format);
  }
  return format;
}

/** The failure of a request that allows no format. */
export function notAcceptable(): HttpProblem {
  const types = FORMAT_NAMES.map((name) => FORMATS[name].type);
  return new HttpProblem(
    "not-acceptable",
    `Cannot answer as the Accept header must allow one of ${types.join(", ")}`,
  );
}

function choose(accept: string): FormatName | null {
  const ranges = readRanges(accept);
  if (ranges.size === 0) return DEFAULT_FORMAT;
  const weights = FORMAT_NAMES.map((name) =>
    [name, weightOf(FORMATS[name].type, ranges)] as const
  ).filter(([, weight]) => weight > 0);
  return weights.some(([name]) => name === DEFAULT_FORMAT)
    ? DEFAULT_FORMAT
    : weights.sort(([, a], [, b]) => b - a)[0]?.[0] ?? null;
}

/** Weights of the media ranges in an Accept header (RFC 9110, section 12.5.1); what cannot be read is left out. */
function readRanges(accept: string): Map<string, number> {
  const ranges = new Map<string, number>();
  for (const element of accept.toLowerCase().split(",")) {
    const [range = "", ...parameters] = element.split(";").map((part) =>
      part.trim()
    );
    if (!/^[^\s/]+\/[^\s/]+$/.test(range)) continue;
    const q = parameters.find((parameter) => parameter.startsWith("q="));
    const weight = Number(q?.slice(2) ?? 1);
    ranges.set(range, Number.isNaN(weight) ? 1 : weight);
  }
  return ranges;
}

/** The weight of a media type: that of the narrowest range that has it. */
function weightOf(type: string, ranges: ReadonlyMap<string, number>): number {
  const family = `${type.slice(0, type.indexOf("/"))}/*`;
  return ranges.get(type) ?? ranges.get(family) ?? ranges.get("*/*") ?? 0;
}

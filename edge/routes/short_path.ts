import { FORMAT_NAMES } from "../request/formats.ts";
import type { PathParameters } from "../request/parse_request.ts";
import { HttpProblem } from "../http/problem.ts";

/** Splits `seed.format`. */
export function shortPath(name: string): PathParameters {
  const dot = name.lastIndexOf(".");
  return { seed: name.slice(0, dot), format: knownFormat(name.slice(dot + 1)) };
}

/** A path with an extension that no format has is no path of ours. */
export function knownFormat(extension: string): string {
  if (FORMAT_NAMES.some((name) => name === extension)) return extension;
  throw new HttpProblem(
    "not-found",
    `Cannot answer with .${extension} as the extension must be one of ${
      FORMAT_NAMES.join(", ")
    }`,
  );
}

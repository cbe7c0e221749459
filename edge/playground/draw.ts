import { readEvents } from "./events.ts";
import type { Fetch } from "./places.ts";
import { checkResponse, DrawingError, problemError } from "./problem.ts";

/** A picture on its way. */
export interface Preview {
  /** Steps made, from 1. */
  readonly step: number;
  /** Steps of the run. */
  readonly steps: number;
  /** Data URL of the picture as it looks now. */
  readonly image: string;
}

/** A finished picture, as `/emoji.json` describes it. */
export interface Drawing {
  /** Data URL of the PNG. */
  readonly image: string;
  /** The request with nothing left to defaults. */
  readonly parameters: Readonly<Record<string, unknown>> & {
    readonly seed: number | string;
  };
  /** Words of the prompt that the model does not know. */
  readonly unknownWords: readonly string[];
  /** Path that draws it again. */
  readonly url: string;
}

/** Options for {@linkcode draw}. */
export interface DrawOptions {
  /** Stops the run. */
  signal: AbortSignal;
  /** Called after every step but the last. */
  onPreview: (preview: Preview) => void;
}

/**
 * Draws and watches.
 *
 * @param fetchPath Where.
 * @param query What.
 * @throws {DrawingError} If there is no picture.
 */
export async function draw(
  fetchPath: Fetch,
  query: URLSearchParams,
  { signal, onPreview }: DrawOptions,
): Promise<Drawing> {
  const response = await fetchPath(`/emoji/stream?${query}`, { signal });
  await checkResponse(response);
  for await (const { name, data } of readEvents(response.body!)) {
    signal.throwIfAborted();
    if (name === "preview") onPreview(JSON.parse(data));
    if (name === "picture") return JSON.parse(data);
    if (name === "problem") throw problemError(JSON.parse(data));
  }
  signal.throwIfAborted();
  throw new DrawingError(
    "The connection was lost before the picture was finished.",
    true,
  );
}

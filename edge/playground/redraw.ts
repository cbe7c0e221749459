/// <reference lib="dom" />
import { toBase64 } from "../http/base64.ts";
import { element } from "./elements.ts";
import type { Fetch } from "./places.ts";
import { checkResponse } from "./problem.ts";
import { dataUrlBytes } from "./proof.ts";

/** A picture that was drawn from another one. */
export interface Redrawing {
  /** Data URL of the picture. */
  readonly image: string;
  /** Its seed. */
  readonly seed: string;
  /** How much of the other picture was given up, in (0, 1]. */
  readonly strength: string;
}

/** Options for {@linkcode setUpRedraw}. */
export interface RedrawOptions {
  /** What to draw towards. */
  query: () => URLSearchParams;
  /** What draws. */
  place: () => Fetch;
  /** Called when it is about to be drawn; its signal stops it. */
  onStart: () => AbortSignal;
  /** Called with what was drawn. */
  onDone: (redrawing: Redrawing) => void;
  /** Called when nothing was drawn. */
  onError: (error: unknown) => void;
}

/** Sets up the part of the form that draws from a picture. */
export function setUpRedraw(options: RedrawOptions): void {
  const strength = element("strength", HTMLInputElement);
  const value = element("strength-value", HTMLOutputElement);
  strength.addEventListener("input", (event) => {
    event.stopPropagation(); // changes nothing before the button is pressed
    value.value = strength.value;
  });
  element("redraw-button", HTMLButtonElement).addEventListener("click", () => {
    void redraw(options, strength.value);
  });
}

async function redraw(
  { query, place, onStart, onDone, onError }: RedrawOptions,
  strength: string,
): Promise<void> {
  const signal = onStart();
  try {
    const body = new FormData();
    for (const [name, text] of query()) body.append(name, text);
    body.append("strength", strength);
    body.append("image", startPicture());
    const response = await place()("/emoji/edits", {
      method: "POST",
      body,
      signal,
    });
    await checkResponse(response);
    const bytes = new Uint8Array(await response.arrayBuffer());
    const image = toDataUrl(bytes);
    const seed = decodeURIComponent(response.headers.get("x-seed") ?? "");
    onDone({ image, seed, strength });
  } catch (error) {
    if (!signal.aborted) onError(error);
  }
}

/** A data URL, so that the picture can be redrawn in its turn. */
function toDataUrl(png: Uint8Array): string {
  return `data:image/png;base64,${toBase64(png)}`;
}

/** The visitor's picture, else the one that is shown. */
function startPicture(): Blob {
  const upload = element("upload", HTMLInputElement).files?.[0];
  if (upload !== undefined) return upload;
  const { src } = element("picture", HTMLImageElement);
  return new Blob([dataUrlBytes(src)], { type: "image/png" });
}

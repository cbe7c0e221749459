/// <reference lib="dom" />
import { type Fetch, SERVER } from "./places.ts";
import { checkResponse } from "./problem.ts";
import { snippet, type SnippetKind } from "./snippets.ts";

/** The picture that is shown. */
export interface Shown {
  /** What draws it. */
  readonly query: URLSearchParams;
  /** What it shows, in words. */
  readonly alt: string;
  /** Width and height in pixels. */
  readonly size: number;
  /** Where it was drawn. */
  readonly fetchPath: Fetch;
}

/** Options for {@linkcode setUpShare}. */
export interface ShareOptions {
  /** The picture that is shown, if there is one. */
  shown: () => Shown | undefined;
  /** Told what was done. */
  onDone: (text: string) => void;
  /** Told what went wrong. */
  onError: (error: unknown) => void;
}

/** Sets up the buttons that copy and save. */
export function setUpShare({ shown, onDone, onError }: ShareOptions): void {
  const onClick = (
    attribute: string,
    action: (value: string, shown: Shown) => Promise<void>,
  ) => {
    for (
      const button of document.querySelectorAll<HTMLElement>(
        `[data-${attribute}]`,
      )
    ) {
      button.addEventListener("click", async () => {
        const picture = shown();
        if (picture === undefined) return;
        try {
          await action(button.dataset[attribute]!, picture);
          confirm(button);
        } catch (error) {
          onError(error);
        }
      });
    }
  };
  onClick("copy", async (kind, { query, ...rest }) => {
    const url = new URL(`emoji.png?${query}`, SERVER).href;
    await navigator.clipboard.writeText(
      snippet(kind as SnippetKind, { ...rest, url }),
    );
    onDone(`Copied as ${kind}`);
  });
  onClick("download", async (format, { query, fetchPath }) => {
    const response = await fetchPath(`/emoji.${format}?${query}`);
    await checkResponse(response);
    const name = /filename="([^"]+)"/.exec(
      response.headers.get("content-disposition") ?? "",
    )?.[1];
    save(await response.blob(), name ?? `emoji.${format}`);
    onDone(`Saved as ${name}`);
  });
}

function save(blob: Blob, name: string): void {
  const link = document.createElement("a");
  link.href = URL.createObjectURL(blob);
  link.download = name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 10_000);
}

/** Marks a button as done for a moment. */
function confirm(button: HTMLElement): void {
  const label = button.dataset.label ??= button.textContent;
  button.textContent = "✓";
  button.ariaLabel = `${label}, done`;
  setTimeout(() => {
    button.textContent = label;
    button.ariaLabel = null;
  }, 1200);
}

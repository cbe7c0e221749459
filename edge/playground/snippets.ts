/** What a picture can be copied as. */
export type SnippetKind = "url" | "markdown" | "html" | "curl";

/** Text that shows a picture elsewhere. */
export interface SnippetOptions {
  /** Absolute URL of the picture. */
  url: string;
  /** What it shows. */
  alt: string;
  /** Width and height in pixels. */
  size: number;
}

/** A picture in the language of the place where it is to be pasted. */
export function snippet(
  kind: SnippetKind,
  { url, alt, size }: SnippetOptions,
): string {
  switch (kind) {
    case "url":
      return url;
    case "markdown":
      return `![${alt.replaceAll(/[\\[\]]/g, "\\$&")}](${
        url.replaceAll(")", "%29")
      })`;
    case "html":
      return `<img src="${escape(url)}" alt="${
        escape(alt)
      }" width="${size}" height="${size}">`;
    case "curl":
      return `curl --output emoji.png '${url.replaceAll("'", "%27")}'`;
  }
}

function escape(text: string): string {
  return text.replaceAll("&", "&amp;").replaceAll('"', "&quot;").replaceAll(
    "<",
    "&lt;",
  );
}

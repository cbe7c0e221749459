/** A kind of answer. */
export interface Format {
  /** Media type. */
  readonly type: string;
  /** Whether it shows a run or a morph in several frames. */
  readonly animated: boolean;
}

/** Every format by its file name extension. */
export const FORMATS = {
  png: { type: "image/png", animated: false },
  webp: { type: "image/webp", animated: false },
  gif: { type: "image/gif", animated: true },
  apng: { type: "image/apng", animated: true },
  svg: { type: "image/svg+xml", animated: false },
  json: { type: "application/json", animated: false },
} as const satisfies Record<string, Format>;

/** Name of a format. */
export type FormatName = keyof typeof FORMATS;

/** The format of a URL that names none. */
export const DEFAULT_FORMAT: FormatName = "png";

/** Names of all formats. */
export const FORMAT_NAMES = Object.keys(FORMATS) as FormatName[];

/** Where a public data set is to be had. */
export interface Download {
  /** Name for people: "CIFAR-10". */
  readonly title: string;
  /** What to fetch, and from where. */
  readonly get: string;
}

/** The error for a file of a public data set that is not there: where to get it and which option names it. */
export function missingData(
  file: string,
  { title, get }: Download,
  cause?: unknown,
): Error {
  return new Error(
    `Cannot read ${title} as ${file} must exist: get ${get}, unpack it and name its folder with --from`,
    { cause },
  );
}

/** Reads a file of a public data set, see {@linkcode missingData}. */
export async function readData(
  file: string,
  download: Download,
): Promise<Uint8Array<ArrayBuffer>> {
  try {
    return await Deno.readFile(file);
  } catch (cause) {
    if (cause instanceof Deno.errors.NotFound) {
      throw missingData(file, download, cause);
    }
    throw cause;
  }
}

/** How much has arrived. */
export interface Progress {
  /** Bytes that have arrived. */
  readonly loaded: number;
  /** Bytes in all. */
  readonly total: number;
}

/** Options for {@linkcode download}. */
export interface DownloadOptions {
  /** Bytes in all. */
  total: number;
  /** Told after every chunk. */
  onProgress?: ((progress: Progress) => void) | undefined;
}

/**
 * Reads a response whose size is known.
 *
 * @throws {RangeError} If it is longer or shorter.
 */
export async function download(
  response: Response,
  { total, onProgress }: DownloadOptions,
): Promise<Uint8Array<ArrayBuffer>> {
  const bytes = new Uint8Array(total);
  const reader = response.body!.getReader();
  let loaded = 0;
  for (;;) {
    const { done, value } = await reader.read();
    if (done) break;
    if (loaded + value.length > total) {
      loaded += value.length;
      await reader.cancel();
      break;
    }
    bytes.set(value, loaded);
    loaded += value.length;
    onProgress?.({ loaded, total });
  }
  if (loaded !== total) {
    throw new RangeError(
      `Cannot use ${response.url} as it must have ${total} bytes: current value is ${loaded}`,
    );
  }
  return bytes;
}

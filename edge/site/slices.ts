/** Bytes that are read piece by piece. */
export interface Slices {
  /** How many there are. */
  readonly size: number;
  /** Reads those from `start` up to `end`. */
  read(start: number, end: number): Promise<Uint8Array<ArrayBuffer>>;
}

/** Most bytes of a slice. */
const SLICE_BYTES = 64 * 2 ** 10;

/** Slices of what is in memory. */
export function slicesOf(bytes: Uint8Array<ArrayBuffer>): Slices {
  return {
    size: bytes.length,
    read: (start, end) => Promise.resolve(bytes.slice(start, end)),
  };
}

/**
 * A body of which each slice is read when the client has taken the one before: one that does not read costs a slice, not a
 * file. The first is read ahead, so that what cannot be read fails before there is an answer.
 */
export async function slicedBody(
  { size, read }: Slices,
): Promise<ReadableStream<Uint8Array<ArrayBuffer>>> {
  const sliceAt = (at: number) => read(at, Math.min(size, at + SLICE_BYTES));
  let at = 0;
  let first: Uint8Array<ArrayBuffer> | undefined = await sliceAt(at);
  return new ReadableStream({
    async pull(controller) {
      if (at >= size) return controller.close();
      const slice = first ?? await sliceAt(at);
      first = undefined;
      at += slice.length;
      controller.enqueue(slice);
    },
  }, { highWaterMark: 0 });
}

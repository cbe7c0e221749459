import { open } from "node:fs/promises";

/**
 * Reads a part of a file. Opens it for no longer than that: clients that do not read must not hold descriptors beside their
 * connections.
 *
 * @throws {RangeError} If the file is too short.
 */
export async function readSlice(
  path: string,
  start: number,
  end: number,
): Promise<Uint8Array<ArrayBuffer>> {
  const bytes = new Uint8Array(end - start);
  const file = await open(path);
  try {
    for (let at = 0; at < bytes.length;) {
      const { bytesRead } = await file.read(
        bytes,
        at,
        bytes.length - at,
        start + at,
      );
      if (bytesRead === 0) {
        throw new RangeError(
          `Cannot read ${path} as it must have ${end} bytes or more: current value is ${
            start + at
          }`,
        );
      }
      at += bytesRead;
    }
  } finally {
    await file.close();
  }
  return bytes;
}

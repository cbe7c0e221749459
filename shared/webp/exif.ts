/** Texts that Exif has a place for. */
export interface ExifTags {
  /** What the picture shows. */
  description?: string;
  /** What made it. */
  software?: string;
  /** Who may use it. */
  copyright?: string;
}

/** Tag numbers of TIFF 6.0. */
const TAGS = [["description", 0x010E], ["software", 0x0131], [
  "copyright",
  0x8298,
]] as const;
const ASCII = 2;

/**
 * An Exif block: a TIFF header and one directory of texts, little-endian.
 *
 * @param tags Texts; characters beyond ASCII are written as UTF-8.
 * @returns The block, or undefined where there is no text.
 */
export function exifBlock(tags: ExifTags): Uint8Array | undefined {
  const entries = TAGS.flatMap(([name, tag]) => {
    const text = tags[name];
    return text === undefined
      ? []
      : [{ tag, bytes: new TextEncoder().encode(`${text}\0`) }];
  });
  if (entries.length === 0) return undefined;
  const directory = 8;
  let free = directory + 2 + 12 * entries.length + 4; // where texts of more than 4 bytes go
  const out = new Uint8Array(
    free +
      entries.reduce(
        (sum, { bytes }) => sum + (bytes.length > 4 ? bytes.length : 0),
        0,
      ),
  );
  const view = new DataView(out.buffer);
  out.set([0x49, 0x49, 42, 0, directory, 0, 0, 0]); // "II", 42, offset of the directory
  view.setUint16(directory, entries.length, true);
  entries.forEach(({ tag, bytes }, index) => {
    const at = directory + 2 + 12 * index;
    view.setUint16(at, tag, true);
    view.setUint16(at + 2, ASCII, true);
    view.setUint32(at + 4, bytes.length, true);
    if (bytes.length > 4) {
      view.setUint32(at + 8, free, true);
      out.set(bytes, free);
      free += bytes.length;
    } else {
      out.set(bytes, at + 8);
    }
  });
  return out;
}

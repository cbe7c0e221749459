/** What the first bytes of a file say. */
export interface SniffedPicture {
  /** What it is. */
  readonly type: "png" | "jpeg" | "webp";
  /** Columns. */
  readonly width: number;
  /** Rows. */
  readonly height: number;
}

/**
 * Tells a picture's format and size from its header, whatever its name says, so that limits are checked before anything
 * is decoded.
 *
 * @returns Format and size, or undefined where the file is no PNG, JPEG or WebP or its header is broken.
 */
export function sniffPicture(bytes: Uint8Array): SniffedPicture | undefined {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  try {
    const found = sniffPng(view) ?? sniffJpeg(view) ?? sniffWebp(view);
    return found !== undefined && found.width > 0 && found.height > 0
      ? found
      : undefined;
  } catch (error) {
    if (error instanceof RangeError) return undefined; // ends within the header
    throw error;
  }
}

function sniffPng(view: DataView): SniffedPicture | undefined {
  if (view.getUint32(0) !== 0x89504E47 || view.getUint32(4) !== 0x0D0A1A0A) {
    return undefined;
  }
  if (view.getUint32(12) !== 0x49484452) return undefined; // IHDR
  return { type: "png", width: view.getUint32(16), height: view.getUint32(20) };
}

/**
 * Goes from segment to segment until one says how the frame was coded. Markers without a length (stuffing, TEM, RST, SOI,
 * EOI) have no business before it; to take one for a segment would lead elsewhere than decoders go.
 */
function sniffJpeg(view: DataView): SniffedPicture | undefined {
  if (view.getUint16(0) !== 0xFFD8) return undefined;
  for (let at = 2;;) {
    if (view.getUint8(at) !== 0xFF) return undefined;
    const marker = view.getUint8(at + 1);
    if (marker === 0xFF) {
      at++;
      continue;
    }
    if (marker <= 0x01 || marker >= 0xD0 && marker <= 0xD9) return undefined;
    const isFrame = marker >= 0xC0 && marker <= 0xCF &&
      ![0xC4, 0xC8, 0xCC].includes(marker);
    if (isFrame) {
      return {
        type: "jpeg",
        width: view.getUint16(at + 7),
        height: view.getUint16(at + 5),
      };
    }
    at += 2 + view.getUint16(at + 2);
  }
}

function sniffWebp(view: DataView): SniffedPicture | undefined {
  if (view.getUint32(0) !== 0x52494646 || view.getUint32(8) !== 0x57454250) {
    return undefined;
  }
  const low = (at: number) => view.getUint16(at, true);
  switch (view.getUint32(12)) {
    case 0x56503820: // "VP8 "
      return {
        type: "webp",
        width: low(26) & 0x3FFF,
        height: low(28) & 0x3FFF,
      };
    case 0x5650384C: { // "VP8L"
      const bits = view.getUint32(21, true);
      return {
        type: "webp",
        width: (bits & 0x3FFF) + 1,
        height: (bits >>> 14 & 0x3FFF) + 1,
      };
    }
    case 0x56503858: // "VP8X"
      return {
        type: "webp",
        width: (low(24) | view.getUint8(26) << 16) + 1,
        height: (low(27) | view.getUint8(29) << 16) + 1,
      };
    default:
      return undefined;
  }
}

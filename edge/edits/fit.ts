import type { Picture } from "@emoji/diffusion/png";
import { resizeSmooth } from "@emoji/diffusion/resize";

/** What an uploaded picture is for. */
export interface Fit {
  /** A picture to start from, or one that says where to draw. */
  readonly role: "image" | "mask";
  /** Columns of the network's pictures. */
  readonly width: number;
  /** Rows of the network's pictures. */
  readonly height: number;
}

/**
 * Brings a picture to the size of the network's, in the middle of a square. A mask is made of greys that say how white or
 * transparent it is, which is how image editors mark where to draw; it lies as a picture of its size would.
 */
export function fitPicture(
  picture: Picture,
  { role, width, height }: Fit,
): Picture {
  const square = role === "image"
    ? squared(picture, 0)
    : squared(greys(picture), 255); // black keeps
  return resizeSmooth(square, width, height);
}

/** Puts a picture into the middle of a square that is black, with `alpha`, around it. */
function squared({ width, height, rgba }: Picture, alpha: number): Picture {
  const side = Math.max(width, height);
  if (width === height) return { width, height, rgba };
  const square = new Uint8Array(4 * side * side);
  for (let i = 3; i < square.length; i += 4) square[i] = alpha;
  const left = Math.floor((side - width) / 2);
  const top = Math.floor((side - height) / 2);
  for (let y = 0; y < height; y++) {
    const row = rgba.subarray(4 * y * width, 4 * (y + 1) * width);
    square.set(row, 4 * ((top + y) * side + left));
  }
  return { width: side, height: side, rgba: square };
}

function greys({ width, height, rgba }: Picture): Picture {
  const out = new Uint8Array(rgba.length).fill(255);
  for (let i = 0; i < rgba.length; i += 4) {
    const grey = (rgba[i]! + rgba[i + 1]! + rgba[i + 2]!) / 3;
    const alpha = rgba[i + 3]! / 255;
    out.fill(Math.round(grey * alpha + 255 * (1 - alpha)), i, i + 3);
  }
  return { width, height, rgba: out };
}

/** How much each pixel may change, 0…1, by a fitted mask. */
export function maskValues({ rgba }: Picture): Float32Array {
  return Float32Array.from(
    { length: rgba.length / 4 },
    (_, i) => rgba[4 * i]! / 255,
  );
}

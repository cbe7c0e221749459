import { checkPicture, type Picture } from "./png.ts";

/** A picture in few colours. */
export interface IndexedPicture {
  /** Columns. */
  readonly width: number;
  /** Rows. */
  readonly height: number;
  /** Red, green, blue of each colour. */
  readonly palette: readonly (readonly [number, number, number])[];
  /** A colour for each pixel; `palette.length` stands for transparent. */
  readonly indices: Uint8Array;
  /** Whether any pixel is transparent. */
  readonly transparent: boolean;
}

/** Bits of a channel that tell colours apart when there are too many. */
const BITS = 5;

/** Pixels of one colour, or of colours that differ in the lowest bits only. */
interface Bin {
  key: number;
  count: number;
  sums: [number, number, number];
}

/**
 * Reduces a picture to few colours by median cut (Heckbert, 1982), with pixels of alpha below one half made
 * transparent and others solid. Pictures that have few colours keep them exactly.
 *
 * @param picture The picture.
 * @param colours Most colours, an integer in 1…255, transparent not counted.
 * @returns The picture's size, its colours, and one of them for each pixel.
 * @throws {RangeError} If `colours` is out of range, or the size does not fit `rgba`.
 */
export function quantize(picture: Picture, colours = 255): IndexedPicture {
  checkPicture(picture);
  if (!Number.isInteger(colours) || colours < 1 || colours > 255) {
    throw new RangeError(
      `Cannot reduce colours as 'colours' must be an integer from 1 to 255: current value is ${colours}`,
    );
  }
  const { width, height, rgba } = picture;
  const exact = collect(rgba, 8, colours);
  const bits = exact === undefined ? BITS : 8;
  const bins = exact ?? collect(rgba, BITS)!;
  const boxes = medianCut([...bins.values()], colours);
  const colourOf = new Map<number, number>();
  const palette = boxes.map((box, index) => {
    for (const { key } of box) colourOf.set(key, index);
    const count = box.reduce((sum, bin) => sum + bin.count, 0);
    const mean = (channel: 0 | 1 | 2) =>
      Math.round(box.reduce((sum, bin) => sum + bin.sums[channel], 0) / count);
    return [mean(0), mean(1), mean(2)] as const;
  });
  let transparent = false;
  const indices = new Uint8Array(width * height);
  for (let i = 0; i < indices.length; i++) {
    const solid = rgba[4 * i + 3]! >= 128;
    transparent ||= !solid;
    indices[i] = solid
      ? colourOf.get(keyOf(rgba, 4 * i, bits))!
      : palette.length;
  }
  return { width, height, palette, indices, transparent };
}

function keyOf(rgba: Uint8Array, at: number, bits: number): number {
  const drop = 8 - bits;
  return (rgba[at]! >> drop) << 16 | (rgba[at + 1]! >> drop) << 8 |
    rgba[at + 2]! >> drop;
}

/** Counts the pixels of each colour; undefined where there are more than `most` colours. */
function collect(
  rgba: Uint8Array,
  bits: number,
  most = Infinity,
): Map<number, Bin> | undefined {
  const bins = new Map<number, Bin>();
  for (let at = 0; at < rgba.length; at += 4) {
    if (rgba[at + 3]! < 128) continue;
    const key = keyOf(rgba, at, bits);
    let bin = bins.get(key);
    if (bin === undefined) {
      if (bins.size >= most) return undefined;
      bins.set(key, bin = { key, count: 0, sums: [0, 0, 0] });
    }
    bin.count++;
    for (const channel of [0, 1, 2] as const) {
      bin.sums[channel] += rgba[at + channel]!;
    }
  }
  return bins;
}

/** Splits the box with the largest spread of colours, weighed by its pixels, until there are enough. */
function medianCut(bins: Bin[], colours: number): Bin[][] {
  const boxes = bins.length > 0 ? [{ bins, ...spread(bins) }] : [];
  while (boxes.length < colours) {
    let widest = 0;
    boxes.forEach(({ score }, index) => {
      if (score > boxes[widest]!.score) widest = index;
    });
    const box = boxes[widest];
    if (box === undefined || box.score === 0) break;
    boxes.splice(widest, 1);
    for (const half of halves(box.bins, box.channel)) {
      boxes.push({ bins: half, ...spread(half) });
    }
  }
  return boxes.map(({ bins }) => bins);
}

/** Divides a box at the median pixel along a channel. */
function halves(bins: Bin[], channel: number): [Bin[], Bin[]] {
  const shift = 16 - 8 * channel;
  bins.sort((a, b) =>
    ((a.key >> shift) & 255) - ((b.key >> shift) & 255) || a.key - b.key
  );
  const half = bins.reduce((sum, { count }) => sum + count, 0) / 2;
  let cut = 0;
  for (let sum = 0; cut < bins.length - 1 && sum < half; cut++) {
    sum += bins[cut]!.count;
  }
  cut = Math.max(1, cut);
  return [bins.slice(0, cut), bins.slice(cut)];
}

/** The channel in which a box is widest, and its squared width times its pixels. */
function spread(box: readonly Bin[]): { channel: number; score: number } {
  let best = { channel: 0, score: 0 };
  const count = box.reduce((sum, bin) => sum + bin.count, 0);
  for (let channel = 0; channel < 3; channel++) {
    let least = 255;
    let most = 0;
    for (const { key } of box) {
      const value = (key >> (16 - 8 * channel)) & 255;
      least = Math.min(least, value);
      most = Math.max(most, value);
    }
    const score = (most - least) ** 2 * count;
    if (score > best.score) best = { channel, score };
  }
  return best;
}

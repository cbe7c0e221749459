import type { OwnPicture } from "@emoji/diffusion/image";
import type { Picture } from "@emoji/diffusion/png";

/** Glyphs of 3 × 5 pixels: an octal digit a row, from the top. */
const GLYPHS: Readonly<Record<string, string>> = {
  "0": "75557",
  "1": "26227",
  "2": "71747",
  "3": "71717",
  "4": "55711",
  "5": "74717",
  "6": "74757",
  "7": "71111",
  "8": "75757",
  "9": "75717",
  "A": "25755",
  "B": "65656",
  "C": "34443",
  "D": "65556",
  "E": "74647",
  "F": "74644",
  "G": "34553",
  "H": "55755",
  "I": "72227",
  "J": "11152",
  "K": "55655",
  "L": "44447",
  "M": "57755",
  "N": "65555",
  "O": "25552",
  "P": "65644",
  "Q": "25563",
  "R": "65655",
  "S": "34216",
  "T": "72222",
  "U": "55557",
  "V": "55552",
  "W": "55775",
  "X": "55255",
  "Y": "55222",
  "Z": "71247",
  " ": "00000",
  ".": "00002",
  "-": "00700",
  "+": "02720",
  "=": "07070",
  "/": "11244",
  "σ": "03552",
};

const GLYPH_WIDTH = 3;
const GLYPH_HEIGHT = 5;

/** Grey that can be read on white and on black. */
const INK = [128, 128, 128, 255] as const;

/** Options for {@linkcode pixelText}. */
export interface PixelTextOptions {
  /** Columns of the picture; text that is wider is cut off. */
  width: number;
  /**
   * Pixels a dot of a glyph, along each axis.
   * @default {1}
   */
  scale?: number;
}

/**
 * Writes a line in grey on a transparent picture, with a margin of one dot above and below.
 *
 * @param text Letters (drawn as capitals), digits and the signs . - + = / σ; others leave a gap.
 */
export function pixelText(
  text: string,
  { width, scale = 1 }: PixelTextOptions,
): OwnPicture {
  const height = (GLYPH_HEIGHT + 2) * scale;
  const rgba = new Uint8Array(4 * width * height);
  const glyphs = [...text].map((sign) =>
    GLYPHS[sign] ?? GLYPHS[sign.toUpperCase()] ?? GLYPHS[" "]!
  );
  const lit = (x: number, y: number): boolean => {
    const column = x % (GLYPH_WIDTH + 1);
    const row = glyphs[Math.floor(x / (GLYPH_WIDTH + 1))]?.[y];
    return row !== undefined &&
      (Number(row) >> (GLYPH_WIDTH - 1 - column) & 1) === 1;
  };
  for (let y = scale; y < height - scale; y++) {
    for (let x = 0; x < width; x++) {
      if (lit(Math.floor(x / scale), Math.floor(y / scale) - 1)) {
        rgba.set(INK, 4 * (y * width + x));
      }
    }
  }
  return { width, height, rgba };
}

/** Puts pictures of one width below each other, with `gap` transparent rows between them. */
export function stack(pictures: readonly Picture[], gap = 0): OwnPicture {
  const width = pictures[0]!.width;
  const height = pictures.reduce((sum, picture) => sum + picture.height, 0) +
    gap * (pictures.length - 1);
  const rgba = new Uint8Array(4 * width * height);
  let row = 0;
  for (const picture of pictures) {
    rgba.set(picture.rgba, 4 * width * row);
    row += picture.height + gap;
  }
  return { width, height, rgba };
}

/** A picture with a line of text above it. */
export function titled(
  title: string,
  picture: Picture,
  scale = 1,
): OwnPicture {
  return stack([pixelText(title, { width: picture.width, scale }), picture]);
}

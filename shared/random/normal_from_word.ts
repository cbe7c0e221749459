import { MIDDLE, middleQuantile, tailQuantile } from "./_as241.ts";

const LN_2 = 0.6931471805599453;
const SQRT_2 = 1.4142135623730951;

/**
 * Standard normal quantile of a 32-bit word: Φ⁻¹((word + ½) / 2³²), the normal number at the middle of the word's cell.
 *
 * Algorithm AS 241, PPND16 (Wichura 1988), relative error about 1e-15. It runs on + − × ÷ and square root alone, which
 * IEEE 754 rounds exactly, with a logarithm of its own, so that every JavaScript engine returns the same bits. The
 * values are symmetric, increase with the word and end at ±6.34.
 *
 * @param word Integer taken modulo 2³².
 * @returns Standard normal number when the word is uniform.
 */
export function normalFromWord(word: number): number {
  const q = ((word ^ 0x80000000) + 0.5) * 2 ** -32; // flipping the top bit subtracts 2³¹
  if (q <= MIDDLE && q >= -MIDDLE) return middleQuantile(q);
  return q < 0 ? -tail(word >>> 0) : tail(~word >>> 0);
}

/** Distance from zero that a share p = (cells + ½) / 2³² < 0.075 of the normal distribution exceeds on one side. */
function tail(cells: number): number {
  const halves = 2 * cells + 1; // p in units of 2⁻³³, below 2³⁰
  const exponent = 31 - Math.clz32(halves);
  const m = halves / (1 << exponent); // [1, 2)
  const s = (m - SQRT_2) / (m + SQRT_2); // ln m = ½ ln 2 + 2 artanh s, |s| < 0.172
  const t = s * s;
  const artanh = s *
    (1 +
      t *
        (1 / 3 +
          t *
            (1 / 5 +
              t *
                (1 / 7 +
                  t *
                    (1 / 9 +
                      t * (1 / 11 + t * (1 / 13 + t * (1 / 15 + t / 17))))))));
  return tailQuantile(Math.sqrt((32.5 - exponent) * LN_2 - 2 * artanh));
}

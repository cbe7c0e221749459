// PyTorch fills float32 normals on x86 with vectorised Cephes polynomials, fused multiply-adds included. A product of two float32 numbers is exact in
// float64, so `fround(a * b + c)` is such a fused operation (but for rare double rounding), and the result is torch's to the last bit.

const { fround, trunc } = Math;

const bits = new Uint32Array(1);
const float = new Float32Array(bits.buffer);

const LOG = [
  7.0376836292e-2,
  -1.151461031e-1,
  1.167699874e-1,
  -1.2420140846e-1,
  1.4249322787e-1,
  -1.6668057665e-1,
  2.0000714765e-1,
  -2.4999993993e-1,
  3.3333331174e-1,
].map(fround);
const [SQRT_HALF, LN_2_LOW, LN_2_HIGH] = [
  0.707106781186547524,
  -2.1219444e-4,
  0.693359375,
].map(fround) as [number, number, number];
const [COS_0, COS_1, COS_2] = [
  2.443315711809948e-5,
  -1.388731625493765e-3,
  4.166664568298827e-2,
].map(fround) as [number, number, number];
const [SIN_0, SIN_1, SIN_2] = [
  -1.9515295891e-4,
  8.3321608736e-3,
  -1.6666654611e-1,
].map(fround) as [number, number, number];
const PI_QUARTERS = [
  -0.78515625,
  -2.4187564849853515625e-4,
  -3.77489497744594108e-8,
].map(fround) as [number, number, number];
const [FOUR_OVER_PI, TWO_PI] = [1.27323954473516, 2 * Math.PI].map(fround) as [
  number,
  number,
];

function fma(a: number, b: number, c: number): number {
  return fround(a * b + c);
}

/** Natural logarithm of a positive float32 number: log256_ps. */
function log(x: number): number {
  float[0] = x;
  let exponent = (bits[0]! >>> 23) - 126;
  bits[0] = (bits[0]! & 0x007fffff) | 0x3f000000;
  const mantissa = float[0]!; // [½, 1)
  const small = mantissa < SQRT_HALF;
  if (small) exponent--;
  const m = fround((small ? fround(mantissa - 1) : -1) + mantissa);
  const square = fround(m * m);
  let y = LOG[0]!;
  for (let i = 1; i < LOG.length; i++) y = fma(y, m, LOG[i]!);
  y = fma(fround(y * m), square, fround(exponent * LN_2_LOW));
  y = fma(-square, 0.5, y);
  return fma(exponent, LN_2_HIGH, fround(m + y));
}

/** Sine and cosine of a float32 angle of at least 0, written to `out`: sincos256_ps. */
function sinCos(angle: number, out: Float32Array): void {
  const octant = (trunc(fround(angle * FOUR_OVER_PI)) + 1) & ~1;
  const x = fma(
    octant,
    PI_QUARTERS[2],
    fma(octant, PI_QUARTERS[1], fma(octant, PI_QUARTERS[0], angle)),
  );
  const z = fround(x * x);
  const cosSeries = fround(fma(fma(COS_0, z, COS_1), z, COS_2) * z);
  const cos = fround(fma(cosSeries, z, -fround(z * 0.5)) + 1);
  const sin = fma(fround(fma(fma(SIN_0, z, SIN_1), z, SIN_2) * z), x, x);
  const swapped = (octant & 2) !== 0;
  out[0] = (octant & 4) !== 0 ? -(swapped ? cos : sin) : swapped ? cos : sin;
  out[1] = ((octant - 2) & 4) === 0
    ? -(swapped ? sin : cos)
    : swapped
    ? sin
    : cos;
}

const pair = new Float32Array(2);

/** Turns 16 uniform float32 numbers into 16 normal ones, in place: the Box–Muller blocks of torch's normal_fill. */
export function normalBlock(x: Float32Array, at: number): void {
  for (let j = at; j < at + 8; j++) {
    const radius = fround(Math.sqrt(fround(-2 * log(fround(1 - x[j]!)))));
    sinCos(fround(TWO_PI * x[j + 8]!), pair);
    x[j] = radius * pair[1]!;
    x[j + 8] = radius * pair[0]!;
  }
}

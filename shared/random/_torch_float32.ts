// PyTorch fills float32 normals on x86 with vectorised Cephes polynomials, fused multiply-adds included. A product of
// two float32 numbers is exact in float64, so `fround(a * b + c)` is such a fused operation (but for rare double
// rounding), and the result is torch's to the last bit. The constants are float32 numbers written out, so that nothing
// runs when the module is loaded.

const LOG = [
  0.07037683576345444,
  -0.11514610052108765,
  0.11676998436450958,
  -0.12420140951871872,
  0.14249323308467865,
  -0.16668057441711426,
  0.2000071406364441,
  -0.24999994039535522,
  0.3333333134651184,
];
const SQRT_HALF = 0.7071067690849304;
const LN_2_LOW = -0.00021219444170128554;
const LN_2_HIGH = 0.693359375;
const COS_0 = 2.44331567955669e-05;
const COS_1 = -0.0013887316454201937;
const COS_2 = 0.04166664555668831;
const SIN_0 = -0.00019515295571181923;
const SIN_1 = 0.008332161232829094;
const SIN_2 = -0.16666655242443085;
const PI_4_HIGH = -0.78515625;
const PI_4_MIDDLE = -0.00024187564849853516;
const PI_4_LOW = -3.774895063202166e-08;
const FOUR_OVER_PI = 1.2732394933700562;
const TWO_PI = 6.2831854820251465;

function fma(a: number, b: number, c: number): number {
  return Math.fround(a * b + c);
}

/** Natural logarithm of a number k / 2²⁴ in (0, 1]: log256_ps. */
function log(x: number): number {
  const k = (x * 0x1000000) | 0;
  const bits = 32 - Math.clz32(k);
  const mantissa = k / (1 << bits); // [½, 1)
  const small = mantissa < SQRT_HALF;
  const exponent = bits - (small ? 25 : 24);
  const m = Math.fround((small ? Math.fround(mantissa - 1) : -1) + mantissa);
  const square = Math.fround(m * m);
  let y = LOG[0]!;
  for (let i = 1; i < LOG.length; i++) y = fma(y, m, LOG[i]!);
  y = fma(Math.fround(y * m), square, Math.fround(exponent * LN_2_LOW));
  y = fma(-square, 0.5, y);
  return fma(exponent, LN_2_HIGH, Math.fround(m + y));
}

/**
 * Writes radius · cos(angle) to `x[i]` and radius · sin(angle) to `x[j]`, for a float32 angle of at least 0:
 * sincos256_ps.
 */
function polar(
  radius: number,
  angle: number,
  x: Float32Array,
  i: number,
  j: number,
): void {
  const octant = (Math.trunc(Math.fround(angle * FOUR_OVER_PI)) + 1) & ~1;
  const rest = fma(
    octant,
    PI_4_LOW,
    fma(octant, PI_4_MIDDLE, fma(octant, PI_4_HIGH, angle)),
  );
  const z = Math.fround(rest * rest);
  const cosSeries = Math.fround(fma(fma(COS_0, z, COS_1), z, COS_2) * z);
  const cos = Math.fround(fma(cosSeries, z, -Math.fround(z * 0.5)) + 1);
  const sin = fma(
    Math.fround(fma(fma(SIN_0, z, SIN_1), z, SIN_2) * z),
    rest,
    rest,
  );
  const swapped = (octant & 2) !== 0;
  x[i] = radius * (swapped ? sin : cos) * (((octant - 2) & 4) === 0 ? -1 : 1);
  x[j] = radius * (swapped ? cos : sin) * ((octant & 4) !== 0 ? -1 : 1);
}

/** Turns 16 uniform float32 numbers into 16 normal ones, in place: the Box–Muller blocks of torch's normal_fill. */
export function normalBlock(x: Float32Array, at: number): void {
  for (let i = at; i < at + 8; i++) {
    const radius = Math.fround(
      Math.sqrt(Math.fround(-2 * log(Math.fround(1 - x[i]!)))),
    );
    polar(radius, Math.fround(TWO_PI * x[i + 8]!), x, i, i + 8);
  }
}

/** Rounds half to even, as numpy and Python do; Math.round rounds half up. */
export function roundHalfEven(x: number): number {
  const below = Math.floor(x);
  const part = x - below;
  return part < 0.5 || part === 0.5 && below % 2 === 0 ? below : below + 1;
}

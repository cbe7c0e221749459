import type { Floats, NoiseSource } from "./noise_source.ts";

/**
 * Noise on the way from one source to another: at `share` 0 it is that of the first, at 1 that of the second, and in
 * between their sum, brought back to unit variance. Pictures drawn along the way change little by little, whatever the
 * solver asks for.
 *
 * @param from A source; it is used up along with this one.
 * @param to An independent one.
 * @param share How far to go, in [0, 1].
 * @throws {RangeError} If `share` is out of range.
 */
export function mixedNoise(
  from: NoiseSource,
  to: NoiseSource,
  share: number,
): NoiseSource {
  if (!(share >= 0 && share <= 1)) {
    throw new RangeError(
      `Cannot mix noise as share must be from 0 to 1: current value is ${share}`,
    );
  }
  const scale = 1 / Math.hypot(1 - share, share);
  const [first, second] = [(1 - share) * scale, share * scale];
  let other: Floats | undefined;
  return {
    normal(out, interval) {
      if (
        other?.length !== out.length || other.constructor !== out.constructor
      ) {
        other = out.slice();
      }
      from.normal(out, interval);
      to.normal(other, interval);
      for (let i = 0; i < out.length; i++) {
        out[i] = first * out[i]! + second * other[i]!;
      }
    },
    state: () => ({
      kind: "mixed",
      share,
      from: JSON.stringify(from.state()),
      to: JSON.stringify(to.state()),
    }),
  };
}

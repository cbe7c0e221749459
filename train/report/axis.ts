/** Maps values to a drawing's coordinates and says where to write numbers. */
export interface Axis {
  /** Position of a value. */
  at(value: number): number;
  /** Values worth a line. */
  readonly ticks: readonly number[];
}

/** Digits that a logarithmic axis shows, by how many powers of ten it spans. */
const LOG_DIGITS = [[1, 2, 3, 4, 5, 6, 7, 8, 9], [1, 2, 5], [1]] as const;

/**
 * An axis from 0 or the least value to the greatest, widened to round numbers.
 *
 * @param values What is to be shown.
 * @param from Position of the low end.
 * @param to Position of the high end.
 */
export function linearAxis(
  values: readonly number[],
  from: number,
  to: number,
): Axis {
  const high = Math.max(0, ...values) || 1;
  const low = Math.min(0, ...values);
  const step = niceStep((high - low) / 4);
  const first = Math.floor(low / step);
  const last = Math.ceil(high / step - 1e-9);
  return {
    at: (value) => from + (to - from) * (value / step - first) / (last - first),
    ticks: Array.from(
      { length: last - first + 1 },
      (_, i) => round((first + i) * step),
    ),
  };
}

/** A logarithmic axis of the positive values; what lies below them has the position of its low end. */
export function logAxis(
  values: readonly number[],
  from: number,
  to: number,
): Axis {
  const positive = values.filter((value) => value > 0);
  const least = positive.length > 0 ? Math.min(...positive) : 1;
  const greatest = positive.length > 0 ? Math.max(...positive) : 10;
  const decades = Math.log10(greatest / least);
  const digits = LOG_DIGITS[decades < 0.7 ? 0 : decades < 2.5 ? 1 : 2];
  const candidates: number[] = [];
  for (
    let power = Math.floor(Math.log10(least));
    power <= Math.ceil(Math.log10(greatest));
    power++
  ) {
    for (const digit of digits) candidates.push(round(digit * 10 ** power));
  }
  const low = candidates.findLast((tick) => tick <= least) ?? least;
  const high = candidates.find((tick) => tick >= greatest && tick > low) ??
    10 * low;
  return {
    at: (value) =>
      from + (to - from) * Math.log(Math.max(low, value) / low) /
        Math.log(high / low),
    ticks: candidates.filter((tick) => tick >= low && tick <= high),
  };
}

/** 1, 2 or 5 times a power of ten, at least `step`. */
function niceStep(step: number): number {
  const power = 10 ** Math.floor(Math.log10(step));
  const digit = [1, 2, 5, 10].find((digit) => digit * power >= step * 0.999)!;
  return digit * power;
}

function round(value: number): number {
  return Number(value.toPrecision(12));
}

/** A number in few characters: 1.2 M, 64 k, 0.031, 2.0e-5. */
export function compact(value: number): string {
  const size = Math.abs(value);
  if (size >= 1e9) return `${trim(value / 1e9)} G`;
  if (size >= 1e6) return `${trim(value / 1e6)} M`;
  if (size >= 1e4) return `${trim(value / 1e3)} k`;
  if (size >= 1e-3 || size === 0) return trim(value);
  return value.toExponential(1).replace(".0e", "e");
}

function trim(value: number): string {
  return String(Number(value.toPrecision(3)));
}

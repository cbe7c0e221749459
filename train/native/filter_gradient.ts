import type { Sequence } from "./sequence.ts";
import { AttrType } from "./c_api.ts";

/** Pictures of no more pixels and no fewer channels than these gain; measured with oneDNN on AVX-512. */
const [MOST_PIXELS, FEWEST_CHANNELS] = [64, 96] as const;

/** Whether {@linkcode tapGradient} beats oneDNN's own kernel, whose bfloat16 form is slow on narrow rows. */
export function prefersTaps(
  [, h, w, inChannels]: readonly number[],
  [kernel]: readonly number[],
): boolean {
  return kernel! > 1 && h! * w! <= MOST_PIXELS &&
    inChannels! >= FEWEST_CHANNELS;
}

/** Writes the gradient of a filter of `shape` `[k, k, in, out]`: for each tap one product of the shifted picture with dy. */
export function tapGradient(
  { op, constant }: Sequence,
  x: number,
  dy: number,
  [n, h, w]: readonly number[],
  shape: readonly number[],
): number {
  const [kernel, , inChannels, outChannels] = shape as [
    number,
    number,
    number,
    number,
  ];
  const pixels = n! * h! * w!;
  const pad = (kernel - 1) / 2;
  const pads = constant([0, 0, pad, pad, pad, pad, 0, 0], [4, 2]);
  const padded = op("Pad", [], [x, pads]);
  const columns = op("Reshape", [], [dy, constant([pixels, outChannels])]);
  const size = constant([n!, h!, w!, inChannels]);
  const taps = Array.from({ length: kernel ** 2 }, (_, i) => {
    const start = constant([0, Math.floor(i / kernel), i % kernel, 0]);
    const shifted = op("Slice", [], [padded, start, size]);
    const rows = op("Reshape", [], [shifted, constant([pixels, inChannels])]);
    return op("MatMul", TRANSPOSED, [rows, columns]);
  });
  const count = { name: "N", type: AttrType.INT, value: taps.length };
  const stacked = op("ConcatV2", [count, T], [...taps, constant([0], [])]);
  return op("Reshape", [], [stacked, constant(shape)]);
}

const TRANSPOSED = [{
  name: "transpose_a",
  type: AttrType.BOOL,
  value: true,
}];
/** The binding puts the type of the inputs here. */
const T = { name: "T", type: AttrType.TYPE, value: 1 };

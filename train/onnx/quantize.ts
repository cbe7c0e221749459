import { length } from "../network/parameters.ts";

/** Largest size of an integer; −128 is not used, so that a scale serves both signs. */
const LARGEST = 127;

/** Weights as integers that are multiplied by scales: 8 bits a number. */
export interface QuantizedWeights {
  /** Integers in [−127, 127], row by row. */
  readonly integers: Int8Array<ArrayBuffer>;
  /** Sizes of the scales: 1 along all axes but one. */
  readonly scaleShape: readonly number[];
  /** One scale for each index of that axis. */
  readonly scales: Float32Array;
}

/**
 * Rounds weights to 8 bits, with one scale for each index of the first or of the second axis: filters of an output or of
 * an input, rows or columns of a matrix, whichever comes nearer to the weights. Symmetric, to the nearest integer
 * (Krishnamoorthi 2018, "Quantizing deep convolutional networks for efficient inference", §2.2, §3.1).
 *
 * @param shape Sizes of `values`, two axes or more.
 */
export function quantizeWeights(
  values: Float32Array,
  shape: readonly number[],
): QuantizedWeights {
  const [first, second] = [0, 1].map((axis) => quantize(values, shape, axis));
  return squaredError(first!, values, shape) <=
      squaredError(second!, values, shape)
    ? first!
    : second!;
}

/** The weights that integers and scales stand for. */
export function dequantizeWeights(
  { integers, scaleShape, scales }: QuantizedWeights,
  shape: readonly number[],
): Float32Array {
  const scaleOf = scaleIndex(shape, scaleShape.findIndex((size) => size > 1));
  return Float32Array.from(integers, (value, i) => value * scales[scaleOf(i)]!);
}

function quantize(
  values: Float32Array,
  shape: readonly number[],
  axis: number,
): QuantizedWeights {
  const scaleOf = scaleIndex(shape, axis);
  const scales = new Float32Array(shape[axis]!);
  values.forEach((value, i) => {
    const at = scaleOf(i);
    scales[at] = Math.max(scales[at]!, Math.abs(value) / LARGEST);
  });
  const integers = Int8Array.from(
    values,
    (value, i) => Math.round(value / (scales[scaleOf(i)]! || 1)),
  );
  const scaleShape = shape.map((size, k) => k === axis ? size : 1);
  return { integers, scaleShape, scales };
}

/** Says which scale belongs to a number; all have one where no axis is longer than 1. */
function scaleIndex(
  shape: readonly number[],
  axis: number,
): (index: number) => number {
  if (axis < 0) return () => 0;
  const within = length(shape.slice(axis + 1));
  return (index) => Math.floor(index / within) % shape[axis]!;
}

function squaredError(
  quantized: QuantizedWeights,
  values: Float32Array,
  shape: readonly number[],
): number {
  const near = dequantizeWeights(quantized, shape);
  return values.reduce((sum, value, i) => sum + (value - near[i]!) ** 2, 0);
}

/**
 * Which type a machine's convolutions are faster in. No list of instruction sets or GPUs knows: some processors have
 * bfloat16 instructions, others only pretend to, and libraries differ in what they use. A short race does.
 *
 * @module
 */

import type { Precision } from "../backend.ts";
import type { OpAttr } from "./attributes.ts";
import { TensorflowBinding } from "./binding.ts";
import { AttrType, DataType } from "./c_api.ts";
import type { TensorflowLibrary } from "./library.ts";

/** A convolution with the channels of small U-Nets, short enough to run between two turns of other programs. */
const [BATCH, SIZE, CHANNELS, KERNEL] = [2, 32, 64, 3] as const;
const ROUNDS = 40;
const LONGEST_MS = 400;
/** Less than this share of float32's time is a clear win: bfloat16 has also its price in accuracy. */
const CLEARLY_LESS = 0.85;

const TYPE = { float32: DataType.FLOAT, bfloat16: DataType.BFLOAT16 } as const;

/** Races the convolutions of a training step in float32 and in bfloat16 on one thread of the library; takes up to half a second. */
export function racePrecisions({ path }: TensorflowLibrary): Precision {
  const binding = new TensorflowBinding(path, { threads: 1 });
  const bfloat16 = bfloat16Step(binding);
  if (!bfloat16) return "float32";
  const float32 = trainingStep(binding, "float32");
  float32();
  const best = { float32: Infinity, bfloat16: Infinity };
  const begun = performance.now();
  for (let round = 0; round < ROUNDS; round++) {
    // The best of alternating rounds: other work on the machine slows some of both.
    best.float32 = Math.min(best.float32, milliseconds(float32));
    best.bfloat16 = Math.min(best.bfloat16, milliseconds(bfloat16));
    if (performance.now() - begun > LONGEST_MS) break;
  }
  return fasterPrecision(best);
}

/** Whether the library can convolve bfloat16 numbers here, at whatever speed. */
export function hasBfloat16Convolution({ path }: TensorflowLibrary): boolean {
  const binding = new TensorflowBinding(path, { threads: 1 });
  return bfloat16Step(binding) !== undefined;
}

function bfloat16Step(binding: TensorflowBinding): (() => void) | undefined {
  try {
    const step = trainingStep(binding, "bfloat16");
    step();
    return step;
  } catch {
    return undefined; // this library has no such kernels for this device
  }
}

/** The precision that a race's times in any unit speak for. */
export function fasterPrecision(times: Record<Precision, number>): Precision {
  return times.bfloat16 < CLEARLY_LESS * times.float32 ? "bfloat16" : "float32";
}

function milliseconds(work: () => void): number {
  const before = performance.now();
  work();
  return performance.now() - before;
}

/** A convolution and both of its gradients; reading the last result waits until a GPU is done. */
function trainingStep(
  binding: TensorflowBinding,
  precision: Precision,
): () => void {
  const one = (name: string, attrs: OpAttr[], inputs: number[]) =>
    binding.executeOp(name, attrs, inputs, 1)[0]!.id;
  const filled = (shape: number[]) => {
    const values = Float32Array.from(
      { length: shape.reduce((a, b) => a * b) },
      (_, i) => Math.sin(i),
    );
    const id = binding.createTensor(shape, DataType.FLOAT, values);
    return precision === "float32" ? id : one("Cast", CAST_TO_BFLOAT16, [id]);
  };
  const sizes = (shape: number[]) =>
    binding.createTensor([4], DataType.INT32, Int32Array.from(shape));
  const pictures = [BATCH, SIZE, SIZE, CHANNELS];
  const filters = [KERNEL, KERNEL, CHANNELS, CHANNELS];
  const [x, dy, w] = [filled(pictures), filled(pictures), filled(filters)];
  const [xSizes, wSizes] = [sizes(pictures), sizes(filters)];
  const attrs = [
    { name: "T", type: AttrType.TYPE, value: TYPE[precision] },
    ...CONVOLUTION,
  ];
  return () => {
    const results = [
      one("Conv2D", attrs, [x, w]),
      one("Conv2DBackpropInput", attrs, [xSizes, w, dy]),
      one("Conv2DBackpropFilter", attrs, [x, wSizes, dy]),
    ];
    binding.tensorDataSync(results.at(-1)!);
    results.forEach((id) => binding.deleteTensor(id));
  };
}

const CAST_TO_BFLOAT16: OpAttr[] = [
  { name: "SrcT", type: AttrType.TYPE, value: DataType.FLOAT },
  { name: "DstT", type: AttrType.TYPE, value: DataType.BFLOAT16 },
];
const CONVOLUTION: OpAttr[] = [
  { name: "strides", type: AttrType.INT, value: [1, 1, 1, 1] },
  { name: "padding", type: AttrType.STRING, value: "SAME" },
];

/**
 * Compares a network in TensorFlow.js with its export in onnxruntime-web.
 *
 * @module
 */

import * as tf from "@tensorflow/tfjs";
import * as ort from "onnxruntime-web";
import type { Process } from "@emoji/diffusion/model-config";
import { openProcess } from "@emoji/diffusion/open-process";
import { philoxNoise } from "@emoji/diffusion/random";
import type { RunConfig } from "../config.ts";
import type { Kernels } from "../kernels.ts";
import { tensorNetwork } from "../tensor_network.ts";
import type { Parameter } from "../network/graph.ts";
import { channelsOf, isConditional } from "../network/network.ts";
import { transposeEach } from "../sheet.ts";
import { exportUnet } from "./export_unet.ts";

/** Noise levels compared. */
const LEVELS = 16;

/** What a network is told of levels that are spread over its process; of an EDM process evenly in ln σ. */
function toldLevels(
  process: Process = {
    type: "edm",
    sigmaData: 1,
    sigmaMin: 0.02,
    sigmaMax: 80,
  },
): Float32Array {
  const { level, coefficients, schedule } = openProcess(process);
  const coordinate = (share: number) => {
    if (process.type === "edm") {
      const { sigmaMin, sigmaMax } = process;
      return sigmaMin * (sigmaMax / sigmaMin) ** share;
    }
    return schedule ? Math.round(share * (schedule.length - 1)) : share;
  };
  return Float32Array.from(
    { length: LEVELS },
    (_, i) => coefficients(level(coordinate((i + 0.5) / LEVELS))).told,
  );
}

/** Largest difference of any output value, relative to the deviation of the outputs, over 16 noise levels. */
export async function measureParity(
  { network, size, objective }:
    & Pick<RunConfig, "network" | "size">
    & Partial<Pick<RunConfig, "objective">>,
  parameters: readonly Parameter[],
  weights: Float32Array,
  conditionSize: number,
  kernels: Kernels,
): Promise<number> {
  const channels = channelsOf(network);
  const pixels = size * size;
  const x = new Float32Array(LEVELS * channels.input * pixels);
  const condition = new Float32Array(LEVELS * conditionSize);
  philoxNoise(0).normal(x);
  const level = toldLevels(objective?.process);
  for (let i = 0; i < LEVELS; i++) {
    condition[i * conditionSize + (i * 97) % conditionSize] = 1;
  }

  const model = exportUnet({
    network,
    parameters,
    weights,
    size,
    conditionSize,
    weightType: "float32",
  });
  const session = await ort.InferenceSession.create(model);
  const { F } = await session.run({
    x: new ort.Tensor("float32", x, [LEVELS, channels.input, size, size]),
    level: new ort.Tensor("float32", level, [LEVELS, 1]),
    ...(isConditional(network) && {
      condition: new ort.Tensor("float32", condition, [LEVELS, conditionSize]),
    }),
  });
  const exported = F!.data as Float32Array;
  await session.release();

  let trained: Float32Array = new Float32Array();
  tf.tidy(() => {
    const output = tensorNetwork(network, parameters, kernels).predict(
      tf.tensor1d(weights),
      tf.tensor4d(transposeEach(x, LEVELS, channels.input, pixels), [
        LEVELS,
        size,
        size,
        channels.input,
      ]),
      tf.tensor2d(level, [LEVELS, 1]),
      tf.tensor2d(condition, [LEVELS, conditionSize]),
    );
    trained = output.dataSync<"float32">();
  });
  const reference = transposeEach(trained, LEVELS, pixels, channels.output);
  const difference = maxDifference(exported, reference);
  // A network that has learned nothing answers 0 to all.
  return difference === 0 ? 0 : difference / deviation(reference);
}

/** Largest difference of two vectors; NaN where one of them has it, so that it cannot pass for none. */
export function maxDifference(a: Float32Array, b: Float32Array): number {
  return a.reduce((max, value, i) => Math.max(max, Math.abs(value - b[i]!)), 0);
}

function deviation(values: Float32Array): number {
  const mean = values.reduce((sum, v) => sum + v, 0) / values.length;
  const square = values.reduce((sum, v) => sum + (v - mean) ** 2, 0);
  return Math.sqrt(square / values.length);
}

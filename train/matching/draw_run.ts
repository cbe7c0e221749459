import * as tf from "@tensorflow/tfjs";
import {
  type EachLevel,
  seenBy,
  type TrainedNetwork,
} from "../distillation/guided.ts";
import type { PicturesShape } from "../tensor_network.ts";
import type { Rehearsal } from "./rehearsal.ts";

/** A network's last step and the pictures that it leads to. */
export interface Drawn {
  /** What the step starts from: `[n, h, w, c]`. */
  x: tf.Tensor4D;
  /** Coefficients there. */
  at: EachLevel;
  /** Condition vectors that the network was told. */
  condition: tf.Tensor2D;
  /** The clean pictures that it saw. */
  x0: tf.Tensor4D;
}

/**
 * Lets a distilled network draw what is rehearsed.
 *
 * @param asked What is asked for, without what is told of a step.
 */
export function drawRun(
  network: TrainedNetwork,
  shape: PicturesShape,
  { start, steps }: Pick<Rehearsal, "start" | "steps">,
  asked: tf.Tensor2D,
): Drawn {
  const pictures = (values: Float32Array) => tf.tensor4d(values, shape);
  const see = (k: number, x: tf.Tensor4D): Drawn => {
    const { at, features } = steps[k]!;
    const told = tf.tensor2d(features, [shape[0], features.length / shape[0]]);
    const condition = tf.concat([asked, told], 1) as tf.Tensor2D;
    return { x, at, condition, x0: seenBy(network, x, at, condition) };
  };
  let drawn = see(0, pictures(start));
  for (let k = 1; k < steps.length; k++) {
    const { keep, noise } = steps[k - 1]!;
    const { x, x0 } = drawn;
    // x′ = x̂0 + (σ′/σ)·(x − x̂0) + s·z
    const next = tf.addN([x0, tf.mul(keep, tf.sub(x, x0)), pictures(noise)]);
    drawn = see(k, next as tf.Tensor4D);
  }
  return drawn;
}

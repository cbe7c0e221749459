import { PREDICTIONS } from "../denoisers/predictions.ts";
import type { Floats } from "../floats.ts";
import { boundTerms, type NoisedImages } from "../likelihood/bound.ts";
import {
  type DiffusionProcess,
  previousLevel,
  varianceBounds,
} from "../process/process.ts";
import {
  reverseDistribution,
  type ReverseInput,
  type ReverseModel,
} from "../process/reverse.ts";
import { fixedSmall } from "../variance.ts";

/** How much the two parts of a loss weigh. */
export interface LossWeights {
  /** Weight of the mean squared error of the prediction. */
  readonly mse: number;
  /** Weight of the term of the variational bound, in bits per dimension. */
  readonly bound: number;
}

/** A training loss of a process of `length` steps; `learned` says whether the network has learned its variance. */
export type TrainingLoss = (length: number, learned: boolean) => LossWeights;

/** Squared error, Ho et al. (2020), equation 14; a learned variance is trained on the bound beside it. */
export function mseLoss(_length: number, learned: boolean): LossWeights {
  return { mse: 1, bound: learned ? 1 : 0 };
}

/**
 * The same with the bound of T steps divided by 1000: "RESCALED_MSE" of improved-diffusion, the hybrid loss of Nichol
 * and Dhariwal (2021) summed up.
 */
export function rescaledMseLoss(length: number, learned: boolean): LossWeights {
  return { mse: 1, bound: learned ? length / 1000 : 0 };
}

/** The term of the variational bound alone, "KL" of improved-diffusion. */
export function klLoss(): LossWeights {
  return { mse: 0, bound: 1 };
}

/** An estimate of the whole bound from one term, "RESCALED_KL" of improved-diffusion. */
export function rescaledKlLoss(length: number): LossWeights {
  return { mse: 0, bound: length };
}

/**
 * L_simple + λ·L_vlb with one weight whatever T is, Nichol and Dhariwal (2021), section 3.1, as lucidrains has it.
 *
 * @param weight λ.
 * @returns Loss.
 */
export function hybridLoss(weight = 0.001): TrainingLoss {
  return () => ({ mse: 1, bound: weight });
}

/** Clean and noisy images with a network's answer. */
export interface TrainingExample<T extends Floats>
  extends NoisedImages<T>, ReverseInput<T> {}

/** Options of {@linkcode trainingLosses}. */
export interface TrainingLossOptions extends ReverseModel {
  /**
   * The loss.
   *
   * @default {mseLoss}
   */
  loss?: TrainingLoss;
}

/** The loss of one image: the sum of its parts, each with its weight. A part of weight 0 is left out and not computed. */
export interface TrainingLossParts {
  /** Sum of the parts. */
  readonly loss: number;
  /** Mean squared error of the prediction, weighted. */
  readonly mse?: number;
  /**
   * Term of the variational bound in bits per dimension, weighted. Beside an `mse` it trains the variance alone: the
   * gradient of its mean is to be stopped.
   */
  readonly bound?: number;
}

/**
 * Training losses of images, each at its own level: `training_losses` of improved-diffusion. It is the reference for a
 * trainer that computes with tensors.
 *
 * @param process The process.
 * @param example Images and the network's answer.
 * @param options What the network predicts, its variance and the loss.
 * @returns Loss of each image.
 */
export function trainingLosses<T extends Floats>(
  process: DiffusionProcess,
  example: TrainingExample<T>,
  {
    loss = mseLoss,
    parameterization = PREDICTIONS.epsilon,
    variance = fixedSmall,
  }: TrainingLossOptions = {},
): TrainingLossParts[] {
  const { x0, x, output, indices } = example;
  const size = x.length / indices.length;
  const learned = variance(varianceBounds(process, 0)).slope !== 0;
  const weights = loss(process.length, learned);
  const reverse = reverseDistribution(process, example, {
    parameterization,
    variance,
  });
  const bounds = weights.bound === 0
    ? []
    : boundTerms(process, example, reverse);
  return indices.map((t, k) => {
    const parts: { mse?: number; bound?: number } = {};
    if (weights.mse !== 0) {
      const [skip, out] = parameterization(
        process.levels[t]!,
        previousLevel(process, t),
      );
      let sum = 0;
      for (let i = k * size; i < (k + 1) * size; i++) {
        sum += ((x0[i]! - skip * x[i]!) / out - output[i]!) ** 2;
      }
      parts.mse = weights.mse * sum / size;
    }
    if (weights.bound !== 0) parts.bound = weights.bound * bounds[k]!;
    return { loss: (parts.mse ?? 0) + (parts.bound ?? 0), ...parts };
  });
}

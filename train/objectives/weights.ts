import { type Level, type Preconditioning, snr } from "@emoji/diffusion";
import {
  minSnrWeight,
  sigmoidWeight,
  weightOfPrediction,
} from "@emoji/diffusion/losses";

/** Weight of a level's loss, by name. */
export type LevelWeight =
  /** 1 on the network's own output. */
  | { type: "uniform" }
  /** min(SNR, γ) on the clean picture: Hang et al. (2023). */
  | { type: "min-snr"; gamma: number }
  /** max(SNR, 1) on the clean picture: Salimans & Ho (2022). */
  | { type: "truncated-snr" }
  /** 1 / (k + SNR)^γ on the noise: Choi et al. (2022). */
  | { type: "p2"; k: number; gamma: number }
  /** sigmoid(bias − ln SNR) on the noise: Kingma & Gao (2023); Hoogeboom et al. (2024). */
  | { type: "sigmoid"; bias: number };

/** Creates the weight of the loss on the network's output. */
export function levelWeight(
  weight: LevelWeight,
): (level: Level, coefficients: Preconditioning) => number {
  if (weight.type === "uniform") return () => 1;
  const ofX0 = x0Weight(weight);
  return (level, { out }) => weightOfPrediction(ofX0(level), out);
}

/** The weight on the squared error of the clean picture; the noise's error is SNR times as large. */
function x0Weight(
  weight: Exclude<LevelWeight, { type: "uniform" }>,
): (level: Level) => number {
  switch (weight.type) {
    case "min-snr":
      return (level) => minSnrWeight(level, weight.gamma);
    case "truncated-snr":
      return (level) => Math.max(snr(level), 1);
    case "p2":
      return (level) => snr(level) / (weight.k + snr(level)) ** weight.gamma;
    case "sigmoid":
      return (level) => snr(level) * sigmoidWeight(level, weight.bias);
  }
}

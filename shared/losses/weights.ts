import { type Level, snr } from "../level.ts";

/**
 * Loss weight of Karras et al. (2022), table 1, on the squared error of the clean image: (σ² + σ_data²) / (σ σ_data)².
 * With EDM preconditioning the network's own output then has weight 1 at every level.
 *
 * @param sigma Noise level, positive.
 * @param sigmaData Standard deviation of the data, positive.
 * @returns Weight, 1 / c_out².
 */
export function edmWeight(sigma: number, sigmaData = 0.5): number {
  return (sigma ** 2 + sigmaData ** 2) / (sigma * sigmaData) ** 2;
}

/**
 * "soft-min-snr" of k-diffusion, on the squared error of the network's own output F under EDM preconditioning: (σ
 * σ_data)² / (σ² + σ_data²)². On the clean image it is 1 / (σ² + σ_data²), a smooth minimum of the signal-to-noise
 * ratio and 1. Crowson et al. (2024), section 4.3.
 *
 * @param sigma Noise level.
 * @param sigmaData Standard deviation of the data, positive.
 * @returns Weight.
 */
export function softMinSnrWeight(sigma: number, sigmaData = 0.5): number {
  return (sigma * sigmaData) ** 2 / (sigma ** 2 + sigmaData ** 2) ** 2;
}

/**
 * "snr" of k-diffusion, on the squared error of F: σ_data² / (σ² + σ_data²), which is 1/σ² on the clean image.
 *
 * @param sigma Noise level.
 * @param sigmaData Standard deviation of the data, positive.
 * @returns Weight.
 */
export function snrWeight(sigma: number, sigmaData = 0.5): number {
  return sigmaData ** 2 / (sigma ** 2 + sigmaData ** 2);
}

/**
 * min(SNR, γ), on the squared error of the clean image: Hang et al. (2023), arXiv 2303.09556. {@linkcode
 * weightOfPrediction} gives min(SNR, γ) / SNR for ε and min(SNR, γ) / (SNR + 1) for v.
 *
 * @param level Noise level.
 * @param gamma Largest weight.
 * @returns Weight.
 */
export function minSnrWeight(level: Level, gamma = 5): number {
  return Math.min(snr(level), gamma);
}

/**
 * sigmoid(bias − ln SNR), on the squared error of the noise: Kingma and Gao (2023), section 5; Hoogeboom et al. (2024),
 * "Simpler diffusion".
 *
 * @param level Noise level.
 * @param bias ln SNR at which the weight is one half.
 * @returns Weight in [0, 1].
 */
export function sigmoidWeight(level: Level, bias = 2): number {
  return 1 / (1 + Math.exp(Math.log(snr(level)) - bias));
}

/**
 * The weight on the squared error of a prediction that amounts to a weight on the squared error of the clean image:
 * since x0 = skip · x + out · y, it is out² times as large.
 *
 * @param weight Weight on the clean image.
 * @param out Weight of the prediction in x0, from its parameterization.
 * @returns Weight on the prediction.
 */
export function weightOfPrediction(weight: number, out: number): number {
  return weight * out ** 2;
}

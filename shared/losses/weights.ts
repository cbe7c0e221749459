/**
 * Loss weight of Karras et al. (2022), table 1, on the squared error of the denoised image: (σ² + σ_data²) / (σ σ_data)². With EDM preconditioning the
 * network's own output then has weight 1 at every level.
 *
 * @param sigma Noise level, positive.
 * @param sigmaData Standard deviation of the data, positive.
 * @returns Weight.
 */
export function edmWeight(sigma: number, sigmaData: number): number {
  return (sigma ** 2 + sigmaData ** 2) / (sigma * sigmaData) ** 2;
}

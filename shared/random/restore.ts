import { restoreBrownian } from "./brownian.ts";
import type { NoiseSource, NoiseState } from "./noise_source.ts";
import { restorePhilox } from "./philox.ts";
import { restoreTorch } from "./torch.ts";

/**
 * Makes any source of this package again from its state. Programs that use one kind of source import less with its own
 * `restore…` function.
 *
 * @param state What a source's `state()` returned, maybe through JSON.
 * @returns Source in the same position.
 * @throws {TypeError} If no source of this package wrote the state.
 */
export function restoreNoise(state: NoiseState): NoiseSource {
  if (state.kind === "philox") return restorePhilox(state);
  if (state.kind === "torch") return restoreTorch(state);
  return restoreBrownian(state);
}

import { restoreBrownian } from "./brownian.ts";
import { mixedNoise } from "./mixed.ts";
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
  if (state.kind === "mixed") {
    const { from, to, share } = state;
    const again = (text: unknown) => restoreNoise(JSON.parse(String(text)));
    return mixedNoise(again(from), again(to), Number(share));
  }
  return restoreBrownian(state);
}

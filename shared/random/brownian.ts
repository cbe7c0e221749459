import { BrownianPath, type NodeNoise, quantize } from "./_brownian_path.ts";
import { seedSequence } from "./_seed_sequence.ts";
import type {
  Floats,
  NoiseInterval,
  NoiseSource,
  NoiseState,
} from "./noise_source.ts";
import { philoxNoise, restorePhilox } from "./philox.ts";
import { type Seed, seedWords } from "./seed.ts";
import { restoreTorch, torchNoise } from "./torch.ts";

const TREE = 0x1fffffffffffff; // split of a seed that its path is drawn from
const POOL_SIZE = 24; // of torchsde.BrownianTree

/** Range of a Brownian path, in the coordinate of the steps. */
export interface BrownianRange {
  /**
   * Where the path begins, at most the smallest sigma of the run. torchsde's path depends on it: k-diffusion gives the
   * smallest positive sigma.
   *
   * @default {0}
   */
  min?: number;
  /** Where the path ends: the largest sigma of the run. */
  max: number;
}

/**
 * Noise of a Brownian path: each step is given the path's increment over its own interval of sigma, divided by its
 * deviation. Times are rounded to 1e-6, and a step shorter than that has no noise. Runs of one seed with different numbers
 * of steps follow one path and so converge to one picture. Draws without an interval, such as the start, come from the
 * seed's plain stream.
 *
 * @example Two half steps are one whole step
 * ```ts
 * import { brownianNoise } from "@emoji/diffusion/random";
 * import assert from "node:assert/strict";
 *
 * const draw = (from: number, to: number) => {
 *   const out = new Float64Array(1);
 *   brownianNoise("cat", { max: 80 }).normal(out, { from, to });
 *   return out[0]! * Math.sqrt(from - to);
 * };
 * assert.ok(Math.abs(draw(8, 4) + draw(4, 1) - draw(8, 1)) < 1e-12);
 * ```
 *
 * @param seed Integer or text.
 * @param range Range of the path.
 * @returns Source at its start.
 * @throws {RangeError} If the range is empty; when drawing, if a step leaves it.
 */
export function brownianNoise(seed: Seed, range: BrownianRange): NoiseSource {
  return brownian(philoxNoise(seed).state(), range);
}

/**
 * Noise of the Brownian path of torchsde, as `BrownianTreeNoiseSampler` of k-diffusion and diffusers gives it to
 * float32 images; a path of some other size is another path. Draws without an interval come from `torchNoise(seed)`.
 *
 * @param seed Integer, at least 0, or text.
 * @param range Range of the path.
 * @returns Source at its start.
 * @throws {RangeError} If the range is empty; when drawing, if a step leaves it.
 */
export function torchBrownianNoise(
  seed: Seed,
  range: BrownianRange,
): NoiseSource {
  const [low, high] = seedWords(seed);
  return torchBrownian(torchNoise(seed), [low, high], range);
}

/**
 * Makes a source of a Brownian path again from its state.
 *
 * @param state What the source's `state()` returned, maybe through JSON.
 * @returns Source in the same position.
 * @throws {TypeError} If the state is another source's.
 */
export function restoreBrownian(state: NoiseState): NoiseSource {
  const { kind, min, max, seed } = state as unknown as BrownianRange & {
    kind: string;
    seed: number[];
  };
  if (kind === "brownian") {
    return brownian({ ...state, kind: "philox" }, { min: min ?? 0, max });
  }
  if (kind === "torch-brownian") {
    return torchBrownian(
      restoreTorch({ ...state, kind: "torch" }),
      seed as [number, number],
      { min: min ?? 0, max },
    );
  }
  throw new TypeError(
    `Cannot restore as 'state.kind' must be brownian or torch-brownian: current value is ${kind}`,
  );
}

function brownian(
  state: NoiseState,
  { min = 0, max }: BrownianRange,
): NoiseSource {
  const plain = restorePhilox(state);
  const tree = plain.split(TREE).state();
  const noise: NodeNoise = (key, depth, out) => {
    const stream = depth < 0 ? 0 : 2 ** depth + key; // the node's number, rows counted one after the other
    restorePhilox({ ...tree, stream }).normal(out);
  };
  const path = new BrownianPath(min, max, noise);
  return source(
    plain,
    path,
    quantize, // the path's own times, so that the shortest of steps has unit variance too
    () => ({ ...plain.state(), kind: "brownian", min, max }),
  );
}

function torchBrownian(
  plain: NoiseSource,
  seed: [low: number, high: number],
  { min = 0, max }: BrownianRange,
): NoiseSource {
  const entropy = BigInt(seed[1]) << 32n | BigInt(seed[0]);
  const noise: NodeNoise = (key, depth, out) => {
    const spawnKey = depth < 0 ? [] : [BigInt(key), BigInt(depth)];
    torchNoise(seedSequence(entropy, spawnKey, POOL_SIZE, 1)[0]!).normal(out);
  };
  const path = new BrownianPath(Math.fround(min), Math.fround(max), noise); // torch keeps sigmas in float32
  return source(
    plain,
    path,
    Math.fround, // the path rounds further, but Python divides by this interval
    () => ({ ...plain.state(), kind: "torch-brownian", seed, min, max }),
  );
}

function source(
  plain: NoiseSource,
  path: BrownianPath,
  round: (time: number) => number,
  state: () => NoiseState,
): NoiseSource {
  return {
    normal(out: Floats, interval?: NoiseInterval): void {
      if (interval === undefined) return plain.normal(out);
      const [from, to] = [round(interval.from), round(interval.to)];
      const [start, end] = [path.at(from, out.length), path.at(to, out.length)];
      const scale = from === to ? 0 : 1 / Math.sqrt(Math.abs(to - from));
      for (let i = 0; i < out.length; i++) {
        out[i] = (end[i]! - start[i]!) * scale;
      }
    },
    state,
  };
}

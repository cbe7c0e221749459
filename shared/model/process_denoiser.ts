import type { Denoiser, Network } from "../denoisers/denoiser.ts";
import { fromLearnedVariance } from "../denoisers/learned_variance.ts";
import { precondition } from "../denoisers/precondition.ts";
import { selfCondition } from "../denoisers/self_condition.ts";
import type { Process } from "./process.ts";
import { openProcess } from "./open_process.ts";

/**
 * The denoiser of a network trained on a process: preconditioning or prediction type, learned variance,
 * self-conditioning.
 *
 * @param process What the network was trained on.
 * @param network Where the process is self-conditioning it is given each image's channels and then those of its last
 * clean estimate; where the variance is learned it returns twice the image's channels.
 */
export function processDenoiser(process: Process, network: Network): Denoiser {
  const { coefficients } = openProcess(process);
  const learned = process.type === "vp" && process.variance === "learned";
  const denoise = (network: Network): Denoiser =>
    learned
      ? fromLearnedVariance(network, (net) => precondition(net, coefficients))
      : precondition(network, coefficients);
  if (!process.selfConditioning) return denoise(network);
  return selfCondition((x, previous, level, call) =>
    denoise((input, told, call) =>
      network(interleave(input, previous, call.images), told, call)
    )(x, level, call)
  );
}

/** The channels of each image of `a`, then those of the same image of `b`. */
function interleave(
  a: Float32Array,
  b: Float32Array,
  images: number,
): Float32Array {
  const size = a.length / images;
  const out = new Float32Array(2 * a.length);
  for (let k = 0; k < images; k++) {
    out.set(a.subarray(k * size, (k + 1) * size), 2 * k * size);
    out.set(b.subarray(k * size, (k + 1) * size), (2 * k + 1) * size);
  }
  return out;
}

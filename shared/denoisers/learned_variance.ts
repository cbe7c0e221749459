import { type Floats, like } from "../floats.ts";
import { type Denoiser, type Network, toPrediction, wrap } from "./denoiser.ts";

/**
 * The denoiser of a network that has learned a variance: of the channels of each image it returns, the first half is its
 * prediction and the second half the raw variance. Nichol and Dhariwal (2021), section 3.1.
 *
 * @param network A network whose output is twice as long as its input.
 * @param from What it predicts, such as `fromEpsilon`.
 */
export function fromLearnedVariance<T extends Floats = Float32Array>(
  network: Network<T>,
  from: (network: Network<T>) => Denoiser<T>,
): Denoiser<T> {
  return wrap([from(network)], async (x, level, call) => {
    let variance = like(x, 0);
    const denoise = from(async (input, told, call) => {
      const output = await network(input, told, call);
      if (output.length !== 2 * input.length) {
        throw new RangeError(
          `Cannot take a learned variance as the network must return ${
            2 * input.length
          } numbers: current value is ${output.length}`,
        );
      }
      const size = input.length / call.images;
      const prediction = like(input);
      variance = like(input);
      for (let k = 0; k < call.images; k++) {
        const middle = (2 * k + 1) * size;
        prediction.set(output.subarray(middle - size, middle), k * size);
        variance.set(output.subarray(middle, middle + size), k * size);
      }
      return prediction;
    });
    const prediction = toPrediction(await denoise(x, level, call));
    return { ...prediction, variance };
  });
}

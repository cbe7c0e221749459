import { philoxNoise } from "@emoji/diffusion/random";
import type { Parameter } from "./graph.ts";
import { channelsOf, type NetworkConfig, writeNetwork } from "./network.ts";
import { shapeGraph } from "./shape_graph.ts";

/** Stream of the run's seed that initial weights come from. */
const WEIGHT_STREAM = 1;

/** What is known of a network before it has weights. */
export interface NetworkSummary {
  /** Parameters in the order of the flat vector. */
  parameters: Parameter[];
  /** Length of the flat vector. */
  size: number;
  /** Multiply-accumulate operations a picture. */
  macs: number;
}

/** Lists the parameters of a network for pictures of `size` pixels and condition vectors of `conditionSize`. */
export function summarizeNetwork(
  config: NetworkConfig,
  size: number,
  conditionSize: number,
): NetworkSummary {
  const graph = shapeGraph();
  writeNetwork(graph, config, {
    x: [size, size, channelsOf(config).input],
    level: [1],
    condition: [conditionSize],
  });
  const { parameters } = graph;
  return {
    parameters,
    size: parameters.reduce((sum, { shape }) => sum + length(shape), 0),
    macs: graph.macs(),
  };
}

/** Number of weights of a shape. */
export function length(shape: readonly number[]): number {
  return shape.reduce((a, b) => a * b, 1);
}

/** Draws initial weights. */
export function initialWeights(
  parameters: readonly Parameter[],
  seed: number,
): Float32Array {
  const vectors = parameters.map(({ shape, init }, i) => {
    const values = new Float32Array(length(shape));
    const source = philoxNoise(seed, { stream: WEIGHT_STREAM }).split(i);
    if (!init.uniform) {
      source.normal(values);
      return values.map((value) => init.mean + init.std * value);
    }
    source.uniform(values);
    const bound = Math.sqrt(3) * init.std;
    return values.map((value) => init.mean + bound * (2 * value - 1));
  });
  const flat = new Float32Array(vectors.reduce((n, v) => n + v.length, 0));
  let at = 0;
  for (const vector of vectors) {
    flat.set(vector, at);
    at += vector.length;
  }
  return flat;
}

/** Marks a running statistic in a {@linkcode decayMask}. */
export const STATISTIC = 2;

/** 1 for each weight that decays, {@linkcode STATISTIC} for what is not learned, else 0. */
export function decayMask(parameters: readonly Parameter[]): Uint8Array {
  const size = parameters.reduce((sum, { shape }) => sum + length(shape), 0);
  const mask = new Uint8Array(size);
  let at = 0;
  for (const { shape, decay, statistic } of parameters) {
    const mark = statistic ? STATISTIC : Number(decay);
    mask.fill(mark, at, at += length(shape));
  }
  return mask;
}

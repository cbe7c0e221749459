import * as tf from "../../../train/tfjs/mod.ts";
import { philoxNoise } from "@emoji/diffusion/random";
import type { Kernels } from "../../../train/kernels.ts";
import type { Graph } from "../../../train/network/graph.ts";
import { initialWeights } from "../../../train/network/parameters.ts";
import { shapeGraph } from "../../../train/network/shape_graph.ts";
import {
  splitParameters,
  tensorGraph,
} from "../../../train/network/tensor_graph.ts";

const [BATCH, SIZE, CHANNELS, FEATURES] = [2, 8, 6, 5] as const;

/** One layer of pictures `x` and vectors `v`. */
export type Layer = <T>(graph: Graph<T>, x: T, v: T) => T;

/** Every layer of the vocabulary that something can be learned through. */
export const LAYERS: Record<string, Layer> = {
  "conv 3×3": (g, x) => g.conv(x, "a", 4),
  "conv 1×1": (g, x) => g.conv(x, "a", 4, { kernel: 1 }),
  "conv of unit weights": (g, x) => g.conv(x, "a", 4, { unit: true }),
  "dense": (g, x, v) => g.shift(x, g.dense(v, "a", CHANNELS)),
  "dense of unit weights": (g, x, v) =>
    g.shift(x, g.dense(v, "a", CHANNELS, { unit: true })),
  "relu": (g, x) => g.relu(x),
  "silu": (g, x) => g.silu(x),
  "gelu": (g, x) => g.gelu(x),
  "scale and gain": (g, x) => g.gain(g.scale(x, 0.7), "a", 1.3),
  "bias": (g, x) => g.silu(g.bias(x, "a")),
  "concat": (g, x) => g.conv(g.concat(x, g.relu(x)), "a", 3),
  "groupNorm": (g, x) => g.groupNorm(x, "a", 3),
  "batchNorm": (g, x) => g.batchNorm(x, "a"),
  "pixelNorm": (g, x) => g.pixelNorm(x),
  "depthwise": (g, x) => g.depthwise(x, "a", 7),
  "maxPool": (g, x) => g.maxPool(x),
  "modulate": (g, x, v) => {
    const [scale, shift] = g.split(g.dense(v, "a", 2 * CHANNELS), 2);
    return g.modulate(x, scale!, shift!);
  },
  "canvas": (g, x, v) => g.add(x, g.canvas(v, "a", x, CHANNELS)),
  "dropout": (g, x) => g.dropout(g.silu(x), 0.3),
  "spaceToDepth": (g, x) => g.conv(g.spaceToDepth(x), "a", 4),
  "depthToSpace": (g, x) => g.conv(g.depthToSpace(g.conv(x, "a", 8)), "b", 2),
  "fourier": (g, x, v) =>
    g.shift(x, g.dense(g.fourier(g.dense(v, "a", 1), [0.1, 0.3]), "b", 6)),
  "attention": (g, x) => g.attention(x, 1),
  "linearAttention": (g, x) => g.linearAttention(x, 1),
};

function normal(seed: number, length: number): Float32Array {
  const values = new Float32Array(length);
  philoxNoise(seed).normal(values);
  return values;
}

/** The layer after two others, since TensorFlow.js cannot split a vector into one part. */
function embed<T>(layer: Layer, graph: Graph<T>, x: T, v: T): T {
  return layer(graph, graph.bias(graph.bias(x, "first"), "second"), v);
}

/** Loss of a layer as a function of its input and its weights, which begin at `point`. */
function problem(layer: Layer, kernels: Kernels) {
  const shapes = shapeGraph();
  embed(layer, shapes, [SIZE, SIZE, CHANNELS], [FEATURES]);
  const { parameters } = shapes;
  const statistics = parameters.flatMap(({ shape, statistic }) =>
    new Array<boolean>(shape.reduce((a, b) => a * b)).fill(statistic ?? false)
  );
  const pixels = BATCH * SIZE * SIZE * CHANNELS;
  const initial = initialWeights(parameters, 5);
  const jitter = normal(6, initial.length);
  const point = Float32Array.of(
    ...normal(17, pixels),
    ...initial.map((weight, i) => weight + 0.2 * Math.abs(jitter[i]!)),
  );
  const vector = normal(8, BATCH * FEATURES);
  function loss(at: tf.Tensor1D): tf.Scalar {
    const [input, weights] = tf.split(at, [pixels, initial.length]) as [
      tf.Tensor1D,
      tf.Tensor1D,
    ];
    const graph = tensorGraph(splitParameters(weights, parameters), kernels, {
      training: true,
      dropout: Array.from({ length: BATCH }, (_, i) => philoxNoise(30 + i)),
    });
    const y = embed<tf.Tensor>(
      layer,
      graph,
      tf.reshape(input, [BATCH, SIZE, SIZE, CHANNELS]),
      tf.tensor2d(vector, [BATCH, FEATURES]),
    );
    const wanted = tf.tensor(normal(9, y.size), y.shape);
    return tf.mean(tf.mul(wanted, tf.add(y, tf.square(y))));
  }
  return { loss, point, learned: (i: number) => !statistics[i - pixels] };
}

/** A slope by finite differences and by the gradient, whose norm is `scale`. */
export interface Slope {
  /** Central difference. */
  measured: number;
  /** Product of the gradient with the direction. */
  expected: number;
  /** Norm of the gradient. */
  scale: number;
}

/** Slopes of a layer's loss along three directions, on the current backend. */
export async function layerSlopes(
  layer: Layer,
  kernels: Kernels,
): Promise<Slope[]> {
  const { loss, point, learned } = problem(layer, kernels);
  const exact = await gradient(loss, point);
  const scale = Math.sqrt(exact.reduce((sum, g) => sum + g * g, 0));
  const slopes: Slope[] = [];
  for (const seed of [20, 21, 22]) {
    const direction = normal(seed, point.length).map((v, i) =>
      learned(i) ? v : 0
    );
    const expected = exact.reduce((sum, g, i) => sum + g * direction[i]!, 0);
    const measured = await slope(loss, point, direction);
    slopes.push({ measured, expected, scale });
  }
  return slopes;
}

/** Whether finite differences and gradient agree, as far as float32 lets them. */
export function agrees({ measured, expected, scale }: Slope): boolean {
  return Math.abs(measured - expected) < 0.01 * scale + 1e-3;
}

async function values(tensor: tf.Tensor): Promise<Float32Array> {
  const data = await tensor.data<"float32">();
  tensor.dispose();
  return data;
}

function gradient(
  loss: (at: tf.Tensor1D) => tf.Scalar,
  point: Float32Array,
): Promise<Float32Array> {
  return values(
    tf.tidy(() =>
      tf.valueAndGrad((at) => loss(at as tf.Tensor1D))(tf.tensor1d(point)).grad
    ),
  );
}

/** Slope of the loss along a direction, by central differences. */
async function slope(
  loss: (at: tf.Tensor1D) => tf.Scalar,
  point: Float32Array,
  direction: Float32Array,
): Promise<number> {
  const STEP = 2e-4; // few outputs of relu and maxPool turn a corner on the way
  const at = async (sign: number) => {
    const moved = point.map((v, i) => v + sign * STEP * direction[i]!);
    return (await values(tf.tidy(() => loss(tf.tensor1d(moved)))))[0]!;
  };
  return (await at(1) - await at(-1)) / (2 * STEP);
}

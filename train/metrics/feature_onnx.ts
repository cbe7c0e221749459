import type { Graph, Parameter } from "../network/graph.ts";
import { length } from "../network/parameters.ts";
import {
  type Shape,
  type ShapeGraph,
  shapeGraph,
} from "../network/shape_graph.ts";
import { nameWeights } from "../onnx/export_unet.ts";
import { OnnxModel, type WeightType } from "../onnx/model.ts";
import { onnxGraph, type OnnxValue } from "../onnx/onnx_graph.ts";
import type { FeatureValues, Pool } from "./classifier_network.ts";

/** A network from premultiplied RGBA pictures to features, for any interpreter. */
export type FeatureNetwork = <T>(
  graph: Graph<T>,
  pool: Pool<T>,
  x: T,
) => FeatureValues<T>;

/** Lists the parameters of a network for pictures of `size` pixels. */
export function summarizeFeatures(network: FeatureNetwork, size: number): {
  parameters: Parameter[];
  size: number;
  macs: number;
} {
  const graph: ShapeGraph = shapeGraph();
  network<Shape>(graph, ([, , c]) => [c!], [size, size, 4]);
  const { parameters } = graph;
  return {
    parameters,
    size: parameters.reduce((sum, { shape }) => sum + length(shape), 0),
    macs: graph.macs(),
  };
}

/** What {@linkcode exportFeatures} writes. */
export interface ExportFeaturesOptions {
  /** Height and width of the pictures. */
  size: number;
  /** The flat weights, in the order of {@linkcode summarizeFeatures}. */
  weights: Float32Array;
  /**
   * How weights are stored.
   * @default {"float32"}
   */
  weightType?: WeightType;
}

/**
 * Writes a network as an ONNX model: input `x` `[n, 4, size, size]` in [−1, 1], outputs `features` `[n, d]` and, where
 * the network knows labels, `logits` `[n, labels]`.
 */
export function exportFeatures(
  network: FeatureNetwork,
  { size, weights, weightType = "float32" }: ExportFeaturesOptions,
): Uint8Array<ArrayBuffer> {
  const { parameters } = summarizeFeatures(network, size);
  const model = new OnnxModel();
  const graph = onnxGraph(model, nameWeights(parameters, weights), weightType);
  const x = model.input("x", ["n", 4, size, size]);
  const pool = ({ name, shape }: OnnxValue): OnnxValue => {
    const mean = model.node("GlobalAveragePool", [name]);
    return {
      name: model.node("Flatten", [mean], { axis: 1 }),
      shape: [shape[0]!],
    };
  };
  const { features, logits } = network(graph, pool, {
    name: x,
    shape: [4, size, size],
  });
  for (const [name, value] of Object.entries({ features, logits })) {
    if (value === undefined) continue;
    model.node("Identity", [value.name], {}, name);
    model.output(name, ["n", value.shape[0]!]);
  }
  return model.finish("features");
}

import { length } from "../network/parameters.ts";
import type { Parameter } from "../network/graph.ts";
import {
  channelsOf,
  isConditional,
  type NetworkConfig,
  writeNetwork,
} from "../network/network.ts";
import { OnnxModel, type WeightType } from "./model.ts";
import { type NamedWeights, onnxGraph } from "./onnx_graph.ts";

/** What {@linkcode exportUnet} writes. */
export interface ExportUnetOptions {
  /** The network. */
  network: NetworkConfig;
  /** Its parameters, in the order of `weights`. */
  parameters: readonly Parameter[];
  /** The flat weights. */
  weights: Float32Array;
  /** Height and width of the pictures. */
  size: number;
  /** Length of the condition vector. */
  conditionSize: number;
  /**
   * How weights are stored.
   * @default {"float16"}
   */
  weightType?: WeightType;
}

/** Names the parts of a flat weight vector. */
export function nameWeights(
  parameters: readonly Parameter[],
  flat: Float32Array,
): NamedWeights {
  let at = 0;
  return new Map(
    parameters.map(({ name, shape }) => [name, {
      shape,
      values: flat.subarray(at, at += length(shape)),
    }]),
  );
}

/**
 * Writes a network as an ONNX model: inputs x, level and, where it can be asked for something, condition; output F; the
 * batch axis `n` is dynamic.
 */
export function exportUnet(
  options: ExportUnetOptions,
): Uint8Array<ArrayBuffer> {
  const { network, parameters, weights, size, conditionSize } = options;
  const channels = channelsOf(network);
  const model = new OnnxModel();
  const graph = onnxGraph(
    model,
    nameWeights(parameters, weights),
    options.weightType ?? "float16",
  );
  const condition = isConditional(network)
    ? model.input("condition", ["n", conditionSize])
    : "";
  const output = writeNetwork(graph, network, {
    x: {
      name: model.input("x", ["n", channels.input, size, size]),
      shape: [channels.input, size, size],
    },
    level: { name: model.input("level", ["n", 1]), shape: [1] },
    condition: { name: condition, shape: [conditionSize] },
  });
  model.node("Identity", [output.name], {}, "F");
  model.output("F", ["n", channels.output, size, size]);
  return model.finish(network.type);
}

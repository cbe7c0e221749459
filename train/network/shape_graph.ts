/**
 * Reads a network for its shapes: which parameters it has and how many multiplications one picture costs.
 *
 * @module
 */

import type { Graph, LayerOptions, Parameter } from "./graph.ts";

/** A value without numbers: its sizes without the batch axis, `[h, w, c]` or `[features]`. */
export type Shape = readonly number[];

/** What {@linkcode shapeGraph} collects. */
export interface ShapeGraph extends Graph<Shape> {
  /** Parameters in the order in which the network names them. */
  readonly parameters: Parameter[];
  /** Multiply-accumulate operations a picture. */
  macs(): number;
}

const size = (shape: Shape) => shape.reduce((a, b) => a * b, 1);

/** Half the sides of a picture. */
function halved([h, w]: Shape): [height: number, width: number] {
  if (h! % 2 === 0 && w! % 2 === 0) return [h! / 2, w! / 2];
  throw new RangeError(
    `Cannot halve pictures of ${h}×${w} pixels inside the network as their sides must be even: choose another --size`,
  );
}

/** Creates an interpreter that lists parameters and counts work. */
export function shapeGraph(): ShapeGraph {
  const parameters: Parameter[] = [];
  const names = new Set<string>();
  let macs = 0;

  function declare(
    name: string,
    shape: number[],
    std: number,
    mean = 0,
    decay = false,
  ): void {
    if (names.has(name)) throw new Error(`Cannot name two parameters ${name}`);
    names.add(name);
    parameters.push({ name, shape, init: { std, mean }, decay });
  }

  function statistic(name: string, shape: number[], mean: number): void {
    declare(name, shape, 0, mean);
    parameters.at(-1)!.statistic = true;
  }

  function layer(
    name: string,
    shape: number[],
    { gain = 1, bias = true, uniform = false }: LayerOptions,
    out = shape.at(-1)!,
    fanIn = size(shape) / out,
  ): void {
    const std = gain / Math.sqrt(fanIn);
    declare(`${name}.weight`, shape, std, 0, true);
    if (uniform) makeUniform();
    if (!bias) return;
    declare(`${name}.bias`, [out], uniform ? std : 0);
    if (uniform) makeUniform();
  }

  /** Of the parameter declared last. */
  function makeUniform(): void {
    parameters.at(-1)!.init.uniform = true;
  }

  return {
    parameters,
    macs: () => macs,
    conv(x, name, channels, options = {}) {
      const [h, w, c] = x as [number, number, number];
      const kernel = options.kernel ?? 3;
      layer(name, [kernel, kernel, c, channels], options);
      macs += h * w * c * channels * kernel ** 2;
      return [h, w, channels];
    },
    dense(x, name, features, options = {}) {
      layer(name, [x[0]!, features], options);
      macs += x[0]! * features;
      return [features];
    },
    relu: (x) => x,
    silu: (x) => x,
    gelu: (x) => x,
    scale: (x) => x,
    gain(x, name, start) {
      declare(name, [1], 0, start);
      return x;
    },
    bias(x, name, deviation = 0) {
      declare(name, [x.at(-1)!], deviation);
      if (deviation > 0) makeUniform();
      return x;
    },
    add(x, y) {
      if (String(x) !== String(y)) {
        throw new RangeError(`Cannot add values of shapes [${x}] and [${y}]`);
      }
      return x;
    },
    concat: (x, y) => [...x.slice(0, -1), x.at(-1)! + y.at(-1)!],
    groupNorm(x, name) {
      declare(`${name}.gain`, [x.at(-1)!], 0, 1);
      declare(`${name}.bias`, [x.at(-1)!], 0);
      return x;
    },
    batchNorm(x, name) {
      const channels = [x.at(-1)!];
      declare(`${name}.gain`, channels, 0, 1);
      declare(`${name}.bias`, channels, 0);
      statistic(`${name}.mean`, channels, 0);
      statistic(`${name}.variance`, channels, 1);
      return x;
    },
    pixelNorm: (x) => x,
    depthwise(x, name, kernel) {
      const [h, w, c] = x as [number, number, number];
      layer(name, [kernel, kernel, c, 1], {}, c, kernel ** 2);
      macs += h * w * c * kernel ** 2;
      return x;
    },
    maxPool: (x) => [...halved(x), x[2]!],
    modulate: (x) => x,
    shift: (x) => x,
    canvas([features], name, [h, w], channels, options) {
      const size = h! * w! * channels;
      layer(name, [features!, size], { ...options, bias: false });
      macs += features! * size;
      return [h!, w!, channels];
    },
    dropout: (x) => x,
    split: (x, parts) => Array.from({ length: parts }, () => [x[0]! / parts]),
    spaceToDepth: (x) => [...halved(x), 4 * x[2]!],
    depthToSpace: ([h, w, c]) => [2 * h!, 2 * w!, c! / 4],
    fourier: (_x, frequencies) => [2 * frequencies.length],
    attention(qkv) {
      const [h, w, c] = qkv as [number, number, number];
      macs += 2 * (h * w) ** 2 * c / 3;
      return [h, w, c / 3];
    },
    linearAttention(qkv, heads) {
      const [h, w, c] = qkv as [number, number, number];
      macs += 2 * h * w * (c / 3) ** 2 / heads;
      return [h, w, c / 3];
    },
  };
}

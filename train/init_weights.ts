/**
 * Begins a run with the weights of another one: fine-tuning.
 *
 * @module
 */

import type { ConditionLayout } from "@emoji/diffusion/condition";
import { lastAverage, newestCheckpoint, readCheckpoint } from "./checkpoint.ts";
import {
  bridgeParameter,
  deeperName,
  type Grid,
  growParameter,
  resolutionsOf,
} from "./grow.ts";
import type { Parameter } from "./network/graph.ts";
import { length, summarizeNetwork } from "./network/parameters.ts";
import { readInitializers } from "./onnx/read_initializers.ts";
import { type ModelFiles, readModelFolder } from "./onnx/model_folder.ts";

/** Weights by the names of their parameters, in TensorFlow's order. */
export interface GivenWeights {
  /** Their sizes and numbers. */
  readonly values: ReadonlyMap<string, Grid>;
  /** What could be asked of the network, where that is known. */
  readonly condition?: ConditionLayout | undefined;
}

/** What {@linkcode initializeFrom} did. */
export interface Initialized {
  /** How many weights were taken over. */
  readonly taken: number;
  /** Parameters with more channels than the given network's, which still compute the same. */
  readonly grown: readonly string[];
  /** Parameters that keep their first values, as the given network has none of their name that fits. */
  readonly fresh: readonly string[];
}

/** Sections of a condition whose rows are matched by their values. */
const SECTIONS = ["style", "group", "subgroup", "word", "augment"] as const;

/** The parameter with a row for each value that can be asked for. */
const CONDITION_TABLE = "embed.condition.weight";

/** A network of an exported model. */
export type NetworkRole = "model" | "upsampler";

/**
 * Reads the weights of an exported model's folder, a run's folder, or a checkpoint; of runs the last average.
 *
 * @param role Which of a model's networks, where it has two.
 * @throws {Error} If `path` is none of these, or damaged.
 */
export async function readGivenWeights(
  path: string,
  role: NetworkRole = "model",
): Promise<GivenWeights> {
  const newest = await newestCheckpoint(path);
  if (newest !== undefined) return await fromCheckpoint(newest);
  const files = await readModelFolder(path);
  return {
    values: readModelWeights(path, files, role),
    ...(role === "model" && { condition: files.config.condition }),
  };
}

/**
 * The weights of one of an exported model's networks, by the names that they have here.
 *
 * @param path The model's folder, for people.
 * @throws {Error} If the model has no such network.
 */
export function readModelWeights(
  path: string,
  { onnx, upsampler }: ModelFiles,
  role: NetworkRole,
): Map<string, Grid> {
  if (role === "model") return fromOnnx(onnx);
  if (upsampler !== undefined) return fromOnnx(upsampler);
  throw new Error(
    `Cannot take the upsampler of ${path} as its config.json must name one: it names none`,
  );
}

/**
 * Overwrites the weights of `flat` for which `given` has ones of the same name and no more channels. A network of fewer
 * resolutions goes below the new ones. Rows of the condition table go to the same values where both vocabularies are
 * known.
 *
 * @throws {RangeError} If no weight fits.
 */
export function initializeFrom(
  given: GivenWeights,
  parameters: readonly Parameter[],
  layout: ConditionLayout,
  flat: Float32Array,
): Initialized {
  const added = resolutionsOf(parameters.map(({ name }) => name)) -
    resolutionsOf(given.values.keys());
  const values = new Map(
    Array.from(
      given.values,
      ([name, grid]) => [deeperName(name, Math.max(0, added)), grid],
    ),
  );
  const fresh: string[] = [];
  const grown: string[] = [];
  let taken = 0;
  let at = 0;
  for (const { name, shape } of parameters) {
    const target = flat.subarray(at, at += length(shape));
    const grid = values.get(name);
    const rows = grid && name === CONDITION_TABLE
      ? grid.values.length / grid.shape.at(-1)!
      : undefined;
    const old = name === CONDITION_TABLE ? given.condition : undefined;
    if (grid && old && grid.values.length / old.size === shape[1]) {
      moveRows(grid.values, old, target, layout);
    } else if (grid?.values.length === target.length) {
      target.set(grid.values);
    } else if (
      grid && (rows === undefined || keepRows(layout, rows)) &&
      growParameter(name, grid, { shape, values: target })
    ) {
      grown.push(name);
    } else {
      bridgeParameter(name, added, { shape, values: target });
      fresh.push(name);
      continue;
    }
    taken += target.length;
  }
  if (taken === 0) {
    throw new RangeError(
      "Cannot begin with the weights of --init as it must be a network with parameters of the same names and no larger sizes: none fits",
    );
  }
  return { taken, grown, fresh };
}

/** Whether `rows` of another condition table mean what they mean here, so far as is known: all of it, or all but a step. */
function keepRows({ size, step }: ConditionLayout, rows: number): boolean {
  return rows === size || rows === step?.offset;
}

/** Copies the rows of values that both tables know, those of nothing asked for, and those of a step. */
function moveRows(
  from: Float32Array,
  old: ConditionLayout,
  to: Float32Array,
  layout: ConditionLayout,
): void {
  const width = to.length / layout.size;
  const copy = (oldRow: number, row: number) =>
    to.set(from.subarray(oldRow * width, (oldRow + 1) * width), row * width);
  for (const name of SECTIONS) {
    const [before, after] = [old[name], layout[name]];
    if (before === undefined || after === undefined) continue;
    const known = new Map(before.values.map((value, i) => [value, i]));
    after.values.forEach((value, i) => {
      const row = known.get(value);
      if (row !== undefined) copy(before.offset + row, after.offset + i);
    });
    if (name === "augment") continue; // it has no row for nothing asked for
    copy(
      before.offset + before.values.length,
      after.offset + after.values.length,
    );
  }
  if (old.step === undefined || old.step.count !== layout.step?.count) return;
  for (let i = 0; i < old.step.count; i++) {
    copy(old.step.offset + i, layout.step.offset + i);
  }
}

async function fromCheckpoint(path: string): Promise<GivenWeights> {
  const checkpoint = await readCheckpoint(path);
  const { config } = checkpoint;
  const flat = lastAverage(checkpoint);
  // The number of conditions follows from the number of weights.
  const summary = (conditions: number) =>
    summarizeNetwork(config.network, config.size, conditions);
  const row = summary(2).size - summary(1).size;
  const conditions = row === 0 ? 1 : 1 + (flat.length - summary(1).size) / row;
  const values = new Map<string, Grid>();
  let at = 0;
  for (const { name, shape } of summary(conditions).parameters) {
    const end = at + length(shape);
    values.set(name, { shape, values: flat.subarray(at, end) });
    at = end;
  }
  return { values };
}

/**
 * Weights of an exported network by the names that they have here; batch norms are stored folded, as a factor and a shift.
 *
 * Filters lie as `[out, in, height, width]` in ONNX and as `[height, width, in, out]` here.
 */
function fromOnnx(onnx: Uint8Array): Map<string, Grid> {
  const values = new Map<string, Grid>();
  for (const [stored, initializer] of readInitializers(onnx)) {
    const name = stored.replace(/\.factor$/, ".gain")
      .replace(/\.shift$/, ".bias");
    const [outs = 1, ins = 1, ...taps] = initializer.shape;
    values.set(
      name,
      initializer.shape.length === 4 && name.endsWith(".weight")
        ? {
          shape: [...taps, ins, outs],
          values: toOutLast(initializer.values, outs, ins, length(taps)),
        }
        : initializer,
    );
  }
  return values;
}

/** `[out, in, taps]` to `[taps, in, out]`. */
function toOutLast(
  values: Float32Array,
  outs: number,
  ins: number,
  taps: number,
): Float32Array {
  const out = new Float32Array(values.length);
  let at = 0;
  for (let o = 0; o < outs; o++) {
    for (let i = 0; i < ins; i++) {
      for (let t = 0; t < taps; t++, at++) {
        out[(t * ins + i) * outs + o] = values[at]!;
      }
    }
  }
  return out;
}

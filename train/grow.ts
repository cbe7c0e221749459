/**
 * Growing a network without changing what it computes (Chen et al. 2016, "Net2Net"): the weights of a narrower one go
 * into their places of a wider one, and no old channel listens to a new one yet.
 *
 * @module
 */

import { length } from "./network/parameters.ts";

/** An array of numbers, the last axis the outputs, the one before it the inputs. */
export interface Grid {
  /** Sizes. */
  readonly shape: readonly number[];
  /** Numbers, row by row. */
  readonly values: Float32Array;
}

/**
 * Names of a parameter in a network with `levels` more resolutions above its own: what it knew of half-sized pictures
 * serves below them (Karras et al. 2018, "Progressive growing").
 */
export function deeperName(name: string, levels: number): string {
  return name.replace(
    /^(down|middle|up)\.(\d+)/,
    (_, way, level) => `${way}.${Number(level) + levels}`,
  );
}

/** Number of resolutions of the network with these parameters. */
export function resolutionsOf(names: Iterable<string>): number {
  const levels = Array.from(
    names,
    (name) => Number(/^(?:down|middle)\.(\d+)/.exec(name)?.[1] ?? -1),
  );
  return 1 + Math.max(-1, ...levels);
}

/** Equal parts of an axis of the named parameter, each of which grows by itself. */
export function axisParts(name: string, axis: "in" | "out"): number {
  // Four pixels lie side by side in the channels after space-to-depth and before depth-to-space.
  if (axis === "in") return /^down\.\d+\.resample\.weight$/.test(name) ? 4 : 1;
  if (/^up\.\d+\.resample\.(weight|bias)$/.test(name)) return 4;
  return name.includes(".modulate.") ? 2 : 1;
}

/**
 * Copies `from` into the larger `to`, which holds first values for all that is new; new inputs of old outputs become 0.
 * Returns false where no axis may grow that way: other kernels, or fewer channels.
 */
export function growParameter(name: string, from: Grid, to: Grid): boolean {
  const rank = to.shape.length;
  if (from.shape.length !== rank || rank === 0) return false;
  // Outputs of a canvas are pixels times channels, whose number the name does not tell; what it is drawn from may grow.
  const isCanvas = /^canvas(\.hidden\.out)?\.weight$/.test(name);
  if (isCanvas && from.shape[1] !== to.shape[1]) return false;
  const ins = rank === 1
    ? { old: 1, new: 1, parts: 1 }
    : axis(from, to, rank - 2, axisParts(name, "in"));
  const outs = axis(from, to, rank - 1, axisParts(name, "out"));
  const taps = length(to.shape.slice(0, -2));
  if (
    taps !== length(from.shape.slice(0, -2)) ||
    !grows(ins) || !grows(outs)
  ) return false;
  for (let tap = 0; tap < taps; tap++) {
    for (let i = 0; i < ins.new; i++) {
      const oldIn = oldIndex(i, ins);
      for (let o = 0; o < outs.new; o++) {
        const oldOut = oldIndex(o, outs);
        if (oldOut < 0) continue;
        to.values[(tap * ins.new + i) * outs.new + o] = oldIn < 0
          ? 0
          : from.values[(tap * ins.old + oldIn) * outs.old + oldOut]!;
      }
    }
  }
  return true;
}

/**
 * First values for what leads from one of the `levels` new finest resolutions to the next and back: four pixels are
 * averaged on the way down and get the same on the way up, so that the network below sees half-sized pictures of what
 * it knows (Karras et al. 2018, "Progressive growing"). Leaves other parameters as they are.
 */
export function bridgeParameter(name: string, levels: number, to: Grid): void {
  const [, way, level, what] =
    /^(down|up)\.(\d+)\.(resample|skip)\.(?:weight|bias)$/.exec(name) ?? [];
  if (way === undefined || Number(level) >= levels) return;
  to.values.fill(0);
  if (what === "skip" || name.endsWith(".bias")) return;
  const [ins, outs] = [to.shape.at(-2)!, to.shape.at(-1)!];
  const width = (way === "down" ? ins : outs) / 4;
  for (let part = 0; part < 4; part++) {
    for (let c = 0; c < Math.min(width, way === "down" ? outs : ins); c++) {
      const [i, o] = way === "down"
        ? [part * width + c, c]
        : [c, part * width + c];
      to.values[i * outs + o] = way === "down" ? 1 / 4 : 1;
    }
  }
}

/** One axis before and after. */
interface Axis {
  old: number;
  new: number;
  parts: number;
}

function axis(from: Grid, to: Grid, index: number, parts: number): Axis {
  return { old: from.shape[index]!, new: to.shape[index]!, parts };
}

function grows({ old, new: now, parts }: Axis): boolean {
  return now >= old && old % parts === 0 && now % parts === 0;
}

/** Where an index of the grown axis was before, or -1. */
function oldIndex(index: number, { old, new: now, parts }: Axis): number {
  const [width, oldWidth] = [now / parts, old / parts];
  const within = index % width;
  return within < oldWidth ? Math.floor(index / width) * oldWidth + within : -1;
}

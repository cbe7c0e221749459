/**
 * The losses from which the chances of noise levels follow, as numbers that workers share and a checkpoint keeps.
 *
 * @module
 */

import { LossAwareSampler } from "@emoji/diffusion/losses";
import { openProcess } from "@emoji/diffusion/open-process";
import type { RunConfig } from "../config.ts";

/** Losses kept of each level. */
const HISTORY = 10;

/** Sizes of the shared numbers, none where levels do not depend on losses. */
export function historyLayout(
  { objective, batch }: Pick<RunConfig, "objective" | "batch">,
): { examples?: number; history?: number } {
  if (objective.levels.type !== "loss-aware") return {};
  const { schedule } = openProcess(objective.process);
  return { examples: batch, history: HISTORY * (schedule?.length ?? 0) };
}

/** A sampler that knows the losses of `history`; undefined where there is no history. */
export function readHistory(
  history: Float32Array,
): LossAwareSampler | undefined {
  if (history.length === 0) return undefined;
  const length = history.length / HISTORY;
  const losses = Array.from(
    { length },
    (_, t) =>
      [...history.subarray(t * HISTORY, (t + 1) * HISTORY)]
        .filter((loss) => !Number.isNaN(loss)),
  );
  return new LossAwareSampler(length, { history: HISTORY }, { losses });
}

/** Stores what a sampler knows. */
export function writeHistory(
  history: Float32Array,
  sampler: LossAwareSampler,
): void {
  history.fill(NaN);
  sampler.state().losses.forEach((losses, t) =>
    history.set(losses, t * HISTORY)
  );
}

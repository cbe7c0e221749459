import { learningRate, type RunConfig } from "./config.ts";
import type { TrainedSteps } from "./engine/engine.ts";
import { formatSeconds } from "./progress.ts";
import type { LogEntry } from "./run_folder.ts";
import { stopwatch } from "./stopwatch.ts";

/** The steps since the last line of a run's log. */
export interface RecentSteps {
  /** Seconds since then. */
  seconds(): number;
  /** How many there are. */
  count(): number;
  /** Adds steps up to `to`. */
  add(result: TrainedSteps, to: number): void;
  /** A line of the log, but for the seconds of the run. */
  entry(): Omit<LogEntry, "seconds">;
  /** A line for the terminal. */
  line(): string;
}

/** Begins to collect after step `from`. */
export function recentSteps(config: RunConfig, from: number): RecentSteps {
  const seconds = stopwatch();
  const losses: number[] = [];
  const norms: number[] = [];
  let step = from;
  let tensors = 0;
  const images = () => step * config.batch;
  const speed = () => (step - from) * config.batch / seconds();
  return {
    seconds,
    count: () => step - from,
    add(result, to) {
      losses.push(...result.losses);
      norms.push(...result.norms);
      tensors = result.tensors;
      step = to;
    },
    entry: () => ({
      step,
      images: images(),
      loss: mean(losses),
      gradientNorm: mean(norms),
      learningRate: learningRate(config, images()),
      speed: speed(),
      rss: Deno.memoryUsage().rss,
      tensors,
    }),
    line() {
      const share = (100 * images() / config.images).toFixed(1);
      const rate = learningRate(config, images()).toExponential(1);
      const left = formatSeconds((config.images - images()) / speed());
      return `${share} %  ${images()} images  ${
        speed().toFixed(0)
      } images/s  loss ${mean(losses).toFixed(4)}  lr ${rate}  ${left} left`;
    },
  };
}

function mean(values: readonly number[]): number {
  return values.reduce((a, b) => a + b, 0) / values.length;
}

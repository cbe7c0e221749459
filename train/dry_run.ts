import type { RunConfig } from "./config.ts";
import type { Engine } from "./engine/engine.ts";
import { formatSeconds, type Progress } from "./progress.ts";
import { stopwatch } from "./stopwatch.ts";

/** Steps whose time is taken, after one that warms up. */
const TIMED_STEPS = 3;

/** Takes a few steps and tells how long the run would take and how much memory; no run folder is made. */
export async function dryRun(
  config: RunConfig,
  engine: Engine,
  progress: Progress,
): Promise<void> {
  const { losses } = await engine.train(0, 1);
  const clock = stopwatch();
  await engine.train(1, 1 + TIMED_STEPS);
  const speed = TIMED_STEPS * config.batch / clock();
  const memory = Deno.memoryUsage().rss / 1e9;
  progress.log(
    `first loss ${losses[0]!.toFixed(4)}; ${
      speed.toFixed(0)
    } images/s, so that ${config.images} images take ${
      formatSeconds(config.images / speed)
    }; ${memory.toFixed(2)} GB of memory`,
  );
  progress.log("dry run: no run was begun");
}

import type { SpaceDistance } from "./figures.ts";
import { type Space, SPACES } from "./messages.ts";
import { decimal, markdownTable } from "./table.ts";

/** One way of sampling and the distances it gave. */
export interface Trial {
  /** SHA-256 of all that decides what comes of a way: the model, its defaults, the data set, the classifier. */
  readonly sha256: string;
  /** Name of the sampler. */
  readonly sampler: string;
  /** Solver steps. */
  readonly steps: number;
  /** Guidance scale. */
  readonly guidance: number;
  /** Last noise level before the clean picture; null for the model's own. */
  readonly sigmaMin: number | null;
  /** Noise of each step; null for the model's own. */
  readonly eta: number | null;
  /** Number of samples. */
  readonly samples: number;
  /** Whose conditions were drawn. */
  readonly conditions: string;
  /** Seed of the first sample. */
  readonly seed: number;
  /** Distances to the training pictures. */
  readonly distances: Readonly<Record<Space, SpaceDistance>>;
  /** Wall time of drawing, in seconds. */
  readonly seconds: number;
}

/**
 * Geometric mean of the Fréchet distances over the spaces: what trials of as many samples are ranked by. Unlike the
 * kernel distance it stays above 0, so that near the floor chance does not pick the winner.
 */
export function score({ distances }: Pick<Trial, "distances">): number {
  const logs = SPACES.map((space) => Math.log(distances[space].fd));
  return Math.exp(logs.reduce((a, b) => a + b, 0) / SPACES.length);
}

/** The best trial of each number of steps, fewest steps first. */
export function bestOfSteps(trials: readonly Trial[]): Trial[] {
  const best = new Map<number, Trial>();
  for (const trial of trials) {
    const other = best.get(trial.steps);
    if (other === undefined || score(trial) < score(other)) {
      best.set(trial.steps, trial);
    }
  }
  return [...best.values()].sort((a, b) => a.steps - b.steps);
}

/** Writes trials as a table, best first within a number of steps, and the floor of real pictures last. */
export function sweepTable(
  trials: readonly Trial[],
  floor: Trial["distances"],
): string {
  const cells = ({ distances }: Pick<Trial, "distances">) => [
    ...SPACES.flatMap((space) => {
      const { fd, kid } = distances[space];
      return [decimal(fd), `${decimal(kid.mean)} ± ${decimal(kid.sd)}`];
    }),
    decimal(score({ distances })),
  ];
  const rows = [...trials]
    .sort((a, b) => a.steps - b.steps || score(a) - score(b))
    .map((trial) => [
      trial.sampler,
      String(trial.steps),
      String(trial.guidance),
      String(trial.sigmaMin ?? ""),
      String(trial.eta ?? ""),
      ...cells(trial),
      trial.seconds.toFixed(0),
    ]);
  const header = SPACES.flatMap((space) => [`FD, ${space}`, `KID, ${space}`]);
  return markdownTable(
    [
      "sampler",
      "steps",
      "guidance",
      "sigma min",
      "eta",
      ...header,
      "mean FD",
      "seconds",
    ],
    [...rows, [
      "real held-out",
      "",
      "",
      "",
      "",
      ...cells({ distances: floor }),
      "",
    ]],
  );
}

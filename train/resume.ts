import type { RunConfig } from "./config.ts";
import {
  formatScale,
  type ScaleByLevel,
} from "./distillation/scale_by_level.ts";
import { UsageError } from "./options.ts";

/** Scales as the option says them, which compare as texts. */
const asGiven = (scale?: ScaleByLevel) => scale && formatScale(scale);

/** What a resumed run must have as it began, by the option that says it. */
const FIXED: Readonly<Record<string, (config: RunConfig) => unknown>> = {
  preset: ({ preset }) => preset,
  source: ({ data }) => data.source,
  from: ({ data }) => data.name,
  size: ({ size }) => size,
  "batch-size": ({ batch }) => batch,
  optimizer: ({ optimizer }) => optimizer.type,
  seed: ({ seed }) => seed,
  loss: ({ objective }) => objective.loss,
  "min-snr": ({ objective: { weight } }) =>
    weight?.type === "min-snr" ? weight.gamma : undefined,
  "level-mean": ({ objective: { levels } }) =>
    levels.type === "log-normal" ? levels.mean : undefined,
  "level-std": ({ objective: { levels } }) =>
    levels.type === "log-normal" ? levels.std : undefined,
  "offset-noise": ({ objective }) => objective.offsetNoise,
  faults: ({ faults = {}, network, objective }) =>
    [
      ...Object.keys(faults),
      ...("deaf" in network && network.deaf ? ["deaf"] : []),
      ...(objective.clampNoisy ? ["clamp-training"] : []),
    ].join() || undefined,
  distill: ({ distillation, upsample }) =>
    distillation !== undefined || upsample?.matching !== undefined,
  guidance: ({ distillation }) => distillation?.guidance,
  autoguidance: ({ distillation }) => asGiven(distillation?.autoguidance),
  centring: ({ distillation }) => distillation?.centring ?? 1,
  matching: ({ distillation, upsample }) =>
    (distillation?.matching ?? upsample?.matching) !== undefined,
  "matching-guidance": ({ distillation }) => distillation?.matching?.guidance,
  "matching-autoguidance": ({ distillation }) =>
    asGiven(distillation?.matching?.autoguidance),
  adversarial: ({ distillation, upsample }) =>
    (distillation?.matching ?? upsample?.matching)?.adversarial,
};

/**
 * Refuses to go on with a run in another way than it began. How long it lasts and how fast it learns may change.
 *
 * @param config What is asked for now.
 * @param begun What the newest checkpoint was trained with.
 * @param path The run's folder, for people.
 * @throws {UsageError} If they differ; the message names the option.
 */
export function checkResumed(
  config: RunConfig,
  begun: RunConfig,
  path: string,
): void {
  for (const [option, of] of Object.entries(FIXED)) {
    if (of(config) === of(begun)) continue;
    throw new UsageError(
      `Cannot go on with ${path} as --${option} must be what it began with, ${
        of(begun) ?? "none"
      }: current value is ${
        of(config) ?? "none"
      }; give the same options or another --run`,
    );
  }
}

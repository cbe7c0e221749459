/**
 * What networks learn by distribution matching from what they have drawn themselves.
 *
 * @module
 */

import * as tf from "@tensorflow/tfjs";
import type { Batch } from "../batch.ts";
import type { RunConfig } from "../config.ts";
import {
  askedOf,
  type EachLevel,
  guidedEstimate,
  seenBy,
} from "../distillation/guided.ts";
import type { GivenNetworks, MatchedNetworks } from "../given_networks.ts";
import type { PicturesShape } from "../tensor_network.ts";
import { enlargeDrawn } from "../upsampling/enlarge_drawn.ts";
import { drawRun } from "./draw_run.ts";
import { adversarialShare } from "./discriminate.ts";
import { type Judges, match, type Matched } from "./match.ts";

/** What a student learns from what it has drawn itself, where it learns by distribution matching. */
export function matchedStudent(
  { teacher, matched }: GivenNetworks,
  shape: PicturesShape,
  { count, lesson, rehearsal, real }: Batch,
  config: Pick<RunConfig, "distillation" | "upsample">,
): Matched | undefined {
  const { distillation } = config;
  const { matching } = distillation ?? {};
  if (!(matching && teacher && matched && lesson && rehearsal)) {
    return undefined;
  }
  const asked = askedOf(lesson.condition, count);
  const drawn = drawRun(matched.student, shape, rehearsal, asked[0]);
  const judge = (noisy: tf.Tensor, at: EachLevel) =>
    guidedEstimate(teacher, noisy, at, asked, matching);
  const judges = judgesOf(judge, matched, shape, real, config);
  return match(judges, drawn, rehearsal.trials, asked[0]);
}

/** What an upsampler learns from what it has made of pictures that a model has drawn, where it learns so. */
export function matchedUpsampler(
  { teacher, matched, sampled }: GivenNetworks,
  shape: PicturesShape,
  { rehearsal, real }: Batch,
  condition: tf.Tensor2D,
  config: Pick<RunConfig, "objective" | "upsample" | "distillation">,
): Matched | undefined {
  const [count, height, width, channels] = shape;
  const { width: scale, matching } = config.upsample ?? {};
  if (!(scale && matching && teacher && sampled && matched && rehearsal)) {
    return undefined;
  }
  const small = drawRun(
    sampled,
    [count, height / scale, width / scale, channels],
    rehearsal,
    condition,
  );
  const drawn = enlargeDrawn(matched.student, small.x0, condition, config);
  const judge = (noisy: tf.Tensor, at: EachLevel) =>
    seenBy(teacher, noisy, at, condition);
  const judges = judgesOf(judge, matched, shape, real, config);
  return match(judges, drawn, rehearsal.trials, condition);
}

/** Teacher and critic, and what that learns to tell from drawn pictures in a run where it does. */
function judgesOf(
  teacher: Judges["teacher"],
  { critic, slope }: MatchedNetworks,
  shape: PicturesShape,
  real: Float32Array | undefined,
  config: Pick<RunConfig, "distillation" | "upsample">,
): Judges {
  if (!(slope && real)) return { teacher, critic };
  return {
    teacher,
    critic,
    discriminator: {
      share: adversarialShare(config),
      slope: (...inputs) => slope(critic.flat, ...inputs),
      real: tf.tensor4d(real, shape),
    },
  };
}

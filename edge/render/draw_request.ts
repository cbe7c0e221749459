import type { ModelConfig } from "@emoji/diffusion/model-config";
import {
  drawPlanes,
  type ModelNetwork,
  planSampling,
} from "@emoji/diffusion/model-sampler";
import { mixedNoise, philoxNoise } from "@emoji/diffusion/random";
import { seedSubject } from "@emoji/diffusion/seed-subject";
import { type Edit, editRun } from "../edits/edit.ts";
import { FORMATS } from "../request/formats.ts";
import {
  type EmojiRequest,
  MORPH_FRAMES,
  type RequestSeed,
  RUN_FRAMES,
  seedsOf,
} from "../request/request.ts";

/**
 * Planes of the pictures that are seen at once, `[channels, height, width]` each. Those of an upsampler are larger than
 * what was seen of them on the way.
 */
export type PlanesFrame = readonly Float32Array[];

/** Options for {@linkcode drawRequest}. */
export interface DrawRequestOptions {
  /** The network of the model's upsampler, where it has one. */
  upsampler?: ModelNetwork | undefined;
  /** Stops the run. */
  signal?: AbortSignal | undefined;
  /** A picture to start from; for requests of one picture. */
  edit?: Edit | undefined;
  /** Called after every step but the last of all; the run waits for what it returns. */
  onStep?: ((progress: DrawProgress) => void | Promise<void>) | undefined;
}

/** How far a request has come. */
export interface DrawProgress {
  /** Steps made for all pictures together, from 1. */
  readonly step: number;
  /** Steps to make for all pictures together. */
  readonly steps: number;
  /** Finished pictures, the one that is being drawn as the network expects it, and blank ones. */
  readonly frame: PlanesFrame;
}

/**
 * Draws what a request asks for, one picture after the other, so that nothing waits longer than one evaluation.
 *
 * @returns Frames: one for a still, several for an animation, the finished one last.
 */
export async function drawRequest(
  config: ModelConfig,
  network: ModelNetwork,
  request: EmojiRequest,
  { upsampler, signal, edit, onStep }: DrawRequestOptions = {},
): Promise<PlanesFrame[]> {
  const plan = planSampling(config, request);
  const { animated } = FORMATS[request.format];
  const morph = animated && request.to !== undefined;
  const runs = morph
    ? wayTo(request)
    : seedsOf(request).map((seed) => ({ seed, t: request.t ?? 0 }));
  const every = Math.ceil(plan.steps / RUN_FRAMES);
  const done: Float32Array[] = [];
  const shown: Float32Array[][] = []; // by picture: what it looked like on its way
  for (const { seed, t } of runs) {
    const way: Float32Array[] = [];
    const edited = edit && editRun(config, plan, edit, seed);
    done.push(
      await drawPlanes(config, network, {
        seeds: [seed],
        noise: [noiseOf(seed, request.to, t)],
        plan,
        ...edited,
        // A mixture of two seeds shows the subject of the nearer one.
        condition: seedSubject(
          config,
          request,
          t < 0.5 ? seed : request.to ?? seed,
        ),
        upsampler,
        signal,
        async onStep({ index, steps, x0 }) {
          const last = index === steps - 1;
          if (!last && (steps - 1 - index) % every === 0) way.push(x0);
          if (last && done.length === runs.length - 1) return;
          const blank = new Float32Array(x0.length).fill(-1);
          await onStep?.({
            step: done.length * steps + index + 1,
            steps: runs.length * steps,
            frame: morph
              ? [x0]
              : runs.map((_, k) => done[k] ?? (k === done.length ? x0 : blank)),
          });
        },
      }),
    );
    shown.push(way);
  }
  if (morph) return done.map((planes) => [planes]);
  if (!animated) return [done];
  return [
    ...shown[0]!.map((_, frame) => shown.map((way) => way[frame]!)),
    done,
  ];
}

/** The stations between a request's seed and the second one. */
function wayTo({ seed }: EmojiRequest): { seed: RequestSeed; t: number }[] {
  return Array.from(
    { length: MORPH_FRAMES },
    (_, k) => ({ seed, t: k / (MORPH_FRAMES - 1) }),
  );
}

/** Noise of a request's seed or of a mixture with its second one. */
function noiseOf(seed: RequestSeed, to: RequestSeed | undefined, t: number) {
  const noise = philoxNoise(seed);
  return to === undefined ? noise : mixedNoise(noise, philoxNoise(to), t);
}

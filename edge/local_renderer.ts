import type { ModelConfig } from "@emoji/diffusion/model-config";
import {
  drawPlanes,
  type ModelNetwork,
  planSampling,
} from "@emoji/diffusion/model-sampler";
import { pictureSize } from "@emoji/diffusion/image";
import { encodePictures } from "./encode.ts";
import type { Engine } from "./engines/engine.ts";
import { FORMATS } from "./formats.ts";
import { finishPictures } from "./pictures.ts";
import type { Renderer, Rendering, RenderOptions } from "./renderer.ts";
import { type EmojiRequest, seedsOf } from "./request.ts";

/** A model that can draw. */
export interface LoadedModel {
  /** The model's config. */
  readonly config: ModelConfig;
  /** Runs its network. */
  readonly engine: Engine;
}

/** Frames of an animated run, the last included. */
const RUN_FRAMES = 24;

/**
 * Draws in this thread.
 *
 * @param load Loads the models; called once, at once.
 */
export function localRenderer(
  load: () => Promise<readonly LoadedModel[]>,
): Renderer {
  const loading = loadWarm(load);
  loading.catch(() => {}); // reported by `ready`
  return {
    ready: loading.then(() => {}),
    async render(request, options) {
      const model = (await loading).get(request.model);
      if (model === undefined) {
        throw new RangeError(
          `Cannot draw as model must be a loaded one: current value is ${request.model}`,
        );
      }
      return renderWith(model, request, options);
    },
    async close() {
      for (const { engine } of (await loading).values()) await engine.release();
    },
  };
}

/** Loads models and runs each once, so that the first request does not pay for compilation. */
async function loadWarm(
  load: () => Promise<readonly LoadedModel[]>,
): Promise<Map<string, LoadedModel>> {
  const models = await load();
  for (const { config, engine } of models) {
    const plan = planSampling(config, { steps: config.sampling.minSteps });
    await drawPlanes(config, engine.network, { seeds: [0], plan });
  }
  return new Map(models.map((model) => [model.config.name, model]));
}

/** Draws a request with a model. */
export async function renderWith(
  { config, engine }: LoadedModel,
  request: EmojiRequest,
  { signal, onPreview }: RenderOptions = {},
): Promise<Rendering> {
  const started = performance.now();
  const { network, spent } = timed(engine.network);
  const { animated } = FORMATS[request.format];
  const frames: Float32Array[] = [];
  const every = Math.ceil(request.steps / RUN_FRAMES);
  const planes = await drawPlanes(config, network, {
    seeds: seedsOf(request),
    plan: planSampling(config, request),
    condition: request,
    signal,
    onStep: ({ index, steps, x0 }) => {
      const last = index === steps - 1;
      if (animated && !last && (steps - 1 - index) % every === 0) {
        frames.push(x0);
      }
      if (onPreview !== undefined && !last) {
        const png = encodePictures([picturesOf(x0)], {
          ...request,
          format: "png",
        }, config);
        onPreview({ step: index + 1, steps, png });
      }
    },
  });
  const drawn = performance.now();
  frames.push(planes);
  const bytes = encodePictures(frames.map(picturesOf), request, config);
  return {
    bytes,
    timings: {
      network: spent(),
      sampler: drawn - started - spent(),
      encode: performance.now() - drawn,
    },
  };

  function picturesOf(batch: Float32Array) {
    const size = pictureSize(config.image);
    return finishPictures(
      Array.from(
        { length: batch.length / size },
        (_, k) => batch.subarray(k * size, (k + 1) * size),
      ),
      request,
      config,
    );
  }
}

/** Measures the time a network takes. */
function timed(
  network: ModelNetwork,
): { network: ModelNetwork; spent: () => number } {
  let total = 0;
  return {
    async network(...args) {
      const started = performance.now();
      const output = await network(...args);
      total += performance.now() - started;
      return output;
    },
    spent: () => total,
  };
}

import { drawnShape, type ModelConfig } from "@emoji/diffusion/model-config";
import {
  drawPlanes,
  type ModelNetwork,
  planSampling,
} from "@emoji/diffusion/model-sampler";
import { encodePng } from "@emoji/diffusion/png";
import { drawRequest, type PlanesFrame } from "./draw_request.ts";
import { encodePictures } from "./encode.ts";
import type { Engine } from "../engines/engine.ts";
import { finishPictures } from "./pictures.ts";
import type { Renderer, Rendering, RenderOptions } from "./renderer.ts";
import type { EmojiRequest } from "../request/request.ts";

/** A model that can draw. */
export interface LoadedModel {
  /** The model's config. */
  readonly config: ModelConfig;
  /** Runs its network. */
  readonly engine: Engine;
  /** Runs its upsampler, where it has one. */
  readonly upsampler?: Engine;
}

/**
 * Draws in this thread. What comes while the models load is drawn as soon as they are there; else each draws once for
 * nothing, so that the first request does not pay for compilation.
 *
 * @param load Loads the models; called once, at once.
 */
export function localRenderer(
  load: () => Promise<readonly LoadedModel[]>,
): Renderer {
  let asked = false;
  const loading = load().then((models) =>
    new Map(models.map((model) => [model.config.name, model]))
  );
  const ready = loading.then(async (models) => {
    for (const model of models.values()) if (!asked) await warmUp(model);
  });
  ready.catch(() => {}); // told to whoever asks
  return {
    ready,
    async render(request, options) {
      asked = true;
      const model = (await loading).get(request.model);
      if (model === undefined) {
        throw new RangeError(
          `Cannot draw as model must be a loaded one: current value is ${request.model}`,
        );
      }
      return renderWith(model, request, options);
    },
    async close() {
      const engines = [...(await loading).values()]
        .flatMap(({ engine, upsampler }) => [engine, upsampler ?? engine]);
      for (const engine of new Set(engines)) await engine.release();
    },
  };
}

/** Draws the shortest run there is. */
async function warmUp(
  { config, engine, upsampler }: LoadedModel,
): Promise<void> {
  const plan = planSampling(config, { steps: config.sampling.minSteps });
  await drawPlanes(config, engine.network, {
    seeds: [0],
    plan,
    upsampler: upsampler?.network,
  });
}

/** Draws a request with a model. */
export async function renderWith(
  { config, engine, upsampler }: LoadedModel,
  request: EmojiRequest,
  { signal, onPreview, edit }: RenderOptions = {},
): Promise<Rendering> {
  const started = performance.now();
  const { spent, timed } = stopwatch();
  const asDrawn = {
    size: drawnShape(config).width,
    resample: "pixel",
    steps: request.steps,
  } as const;
  const frames = await drawRequest(config, timed(engine.network), request, {
    upsampler: upsampler && timed(upsampler.network),
    signal,
    edit,
    onStep: onPreview && (({ step, steps, frame }) => {
      const png = encodePng(finishPictures(frame, asDrawn, config));
      return onPreview({ step, steps, png });
    }),
  });
  const drawn = performance.now();
  const run = { network: spent(), sampler: drawn - started - spent() };
  const bytes = encodePictures(frames.map(toPicture), request, config, {
    engine: engine.class,
    timings: run,
  });
  return { bytes, timings: { ...run, encode: performance.now() - drawn } };

  function toPicture(frame: PlanesFrame) {
    // A tracing starts from the network's own pixels and scales its lines.
    const finish = request.format === "svg" ? asDrawn : request;
    return finishPictures(frame, finish, config);
  }
}

/** Measures the time that networks take. */
function stopwatch(): {
  timed: (network: ModelNetwork) => ModelNetwork;
  spent: () => number;
} {
  let total = 0;
  return {
    timed: (network) => async (...args) => {
      const started = performance.now();
      const output = await network(...args);
      total += performance.now() - started;
      return output;
    },
    spent: () => total,
  };
}

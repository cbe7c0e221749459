/**
 * A worker thread of the evaluation: draws, embeds and searches on one core.
 *
 * @module
 */

import { type OpenModel, openSession } from "../onnx/session.ts";
import { drawSamples } from "../sheet.ts";
import { CLASSIFIER_SIZE } from "./classifier_network.ts";
import { boundBits, denoisingLosses } from "./denoise.ts";
import { type Embedder, openEmbedder } from "./feature_session.ts";
import type {
  EvaluationSetup,
  EvaluationTask,
  FromEvaluator,
  Space,
  TaskResults,
  ToEvaluator,
} from "./messages.ts";
import { type NeighbourSearch, neighbourSearch } from "./neighbour_search.ts";
import { drawnPictures, shrink } from "./pictures.ts";

interface Running {
  setup: EvaluationSetup;
  /** Opened when first needed, as a worker may get no task of a kind. */
  model?: OpenModel;
  embedders: Partial<Record<Space, Embedder>>;
  search?: NeighbourSearch;
}

const scope = globalThis as unknown as {
  onmessage: (event: MessageEvent<ToEvaluator>) => void;
  postMessage(message: FromEvaluator): void;
};
let running: Running | undefined;

async function openModel(run: Running): Promise<OpenModel> {
  return run.model ??= await openSession(run.setup.model);
}

async function work(
  run: Running,
  task: EvaluationTask,
): Promise<TaskResults[keyof TaskResults]> {
  const { model, networks, reference } = run.setup;
  switch (task.type) {
    case "draw": {
      const { seeds, conditions, request, sampling } = task;
      const { network, upsampler } = await openModel(run);
      // Conditions mean what they say: no concept of the training pictures is to complete them.
      const config = { ...model.config, sampling, concepts: [] };
      const planes = await drawSamples(config, network, {
        ...request,
        seeds,
        conditions,
        upsampler,
      });
      return drawnPictures(config, planes, request.steps);
    }
    case "embed": {
      const { space, pictures } = task;
      const embed = run.embedders[space] ??= await openEmbedder(
        networks[space],
      );
      return embed(
        space === "classifier" ? shrink(pictures, CLASSIFIER_SIZE) : pictures,
      );
    }
    case "search":
      run.search ??= neighbourSearch(reference);
      return run.search(task.queries);
    case "denoise":
      return denoisingLosses(await openModel(run), task.examples, task.t);
    case "bound":
      return boundBits(await openModel(run), task.examples);
  }
}

scope.onmessage = async ({ data }) => {
  try {
    if (data.type === "start") {
      running = { setup: data.setup, embedders: {} };
      scope.postMessage({ type: "ready" });
    } else {
      const result = await work(running!, data);
      scope.postMessage({ type: "done", result });
    }
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error);
    scope.postMessage({ type: "failed", message });
  }
};

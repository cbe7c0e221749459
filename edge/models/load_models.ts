import type { EngineFactory } from "../engines/engine.ts";
import type { LoadedModel } from "../render/local_renderer.ts";
import type { ModelFolder } from "./model_folder.ts";

/**
 * Reads the networks of models and makes an engine for each.
 *
 * @param folders The models.
 * @param engine Makes engines, once it is loaded; networks are read meanwhile.
 */
export function loadModels(
  folders: readonly Pick<ModelFolder, "config" | "readOnnx">[],
  engine: EngineFactory | Promise<EngineFactory>,
): Promise<LoadedModel[]> {
  return Promise.all(folders.map(async ({ config, readOnnx }) => {
    const [makeEngine, onnx] = await Promise.all([engine, readOnnx()]);
    return { config, engine: await makeEngine(config, onnx) };
  }));
}

import { drawnShape, type ModelFile } from "@emoji/diffusion/model-config";
import type { Engine, EngineFactory, NetworkShape } from "../engines/engine.ts";
import type { LoadedModel } from "../render/local_renderer.ts";
import type { ModelFolder } from "./model_folder.ts";

/**
 * Reads the networks of models and makes an engine for each; models may share a network.
 *
 * @param folders The models.
 * @param engine Makes engines, once it is loaded; networks are read meanwhile.
 */
export function loadModels(
  folders: readonly Pick<ModelFolder, "config" | "readOnnx">[],
  engine: EngineFactory | Promise<EngineFactory>,
): Promise<LoadedModel[]> {
  const engines = new Map<string, Promise<Engine>>();

  async function open(
    shape: NetworkShape,
    file: ModelFile,
    readOnnx: ModelFolder["readOnnx"],
  ): Promise<Engine> {
    const [makeEngine, onnx] = await Promise.all([engine, readOnnx(file)]);
    return await makeEngine(shape, onnx);
  }

  return Promise.all(folders.map(async ({ config, readOnnx }) => {
    function shared(shape: NetworkShape, file: ModelFile): Promise<Engine> {
      const opened = engines.get(file.sha256) ?? open(shape, file, readOnnx);
      engines.set(file.sha256, opened);
      return opened;
    }
    const [sampled, upsampler] = await Promise.all([
      shared(config, config.model),
      config.upsampler &&
      shared({ image: drawnShape(config) }, config.upsampler.model),
    ]);
    return { config, engine: sampled, ...(upsampler && { upsampler }) };
  }));
}

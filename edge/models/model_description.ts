import { drawnShape } from "@emoji/diffusion/model-config";
import type { ServedModel } from "./served_model.ts";

/** What the world may know of a model. */
export function describeModel(
  { config, engine }: ServedModel,
): Record<string, unknown> {
  const { name, sampling, training, license, attribution, model } = config;
  const condition = Object.fromEntries(
    (["style", "group", "subgroup", "word"] as const).map((section) => [
      section,
      config.condition?.[section]?.values ?? [],
    ]),
  );
  return {
    name,
    image: drawnShape(config),
    sampling,
    condition,
    training,
    license,
    attribution,
    sha256: model.sha256,
    engine,
  };
}

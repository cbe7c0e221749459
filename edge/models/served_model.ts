import type { ModelConfig } from "@emoji/diffusion/model-config";
import type { EngineClass } from "../engines/engine.ts";

/** A model that the app serves. */
export interface ServedModel {
  /** Its config. */
  readonly config: ModelConfig;
  /** The text that the config was read from. */
  readonly configText: string;
  /** What runs its network. */
  readonly engine: EngineClass;
}

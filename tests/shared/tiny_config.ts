import type { ModelConfig } from "../../shared/model/config.ts";
import { SAMPLERS } from "../../shared/model/sampler_registry.ts";

/** A model of 2×2 pictures with two styles. */
export const tinyConfig: ModelConfig = {
  version: 1,
  name: "tiny",
  image: { width: 2, height: 2, channels: 4, encoding: "premultiplied-rgba" },
  process: { type: "edm", sigmaData: 0.5, sigmaMin: 0.02, sigmaMax: 80 },
  condition: { size: 3, style: { offset: 0, values: ["a", "b"] } },
  sampling: {
    sampler: "dpmpp-2m",
    samplers: [...SAMPLERS.keys()],
    steps: 10,
    minSteps: 1,
    maxSteps: 100,
    guidance: 3,
    guidanceFolded: false,
    sigmaPowerBySteps: [],
    sigmaMinBySteps: [[4, 0.4], [8, 0.25], [16, 0.1]],
    clip: true,
    etaBySteps: [],
    alphaSnapBySteps: [],
  },
  training: {},
  license: "MIT",
  attribution: [],
  model: { file: "model.onnx", sha256: "0".repeat(64), bytes: 1 },
};

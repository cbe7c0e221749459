import type { OptionTable } from "../options.ts";

/** Options of every program that measures an exported model against real pictures. */
export const MEASURED_OPTIONS = {
  model: {
    type: "string",
    default: "emoji-32",
    help: "exported model: its name in --models, or its folder",
  },
  models: { type: "string", default: "models", help: "folder of the models" },
  data: { type: "string", default: "data", help: "folder of the data sets" },
  dataset: {
    type: "string",
    help:
      "name of the data set, whose folder is NAME-SIZE (default the model's own)",
  },
} as const satisfies OptionTable;

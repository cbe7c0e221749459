/** A part of an OpenAPI document. */
export type Json = Readonly<Record<string, unknown>>;

/** What every error is. */
export const PROBLEM_SCHEMA: Json = {
  type: "object",
  description: "RFC 9457",
  required: ["type", "title", "status", "detail"],
  properties: {
    type: { type: "string", format: "uri-reference" },
    title: { type: "string" },
    status: { type: "integer", minimum: 400, maximum: 599 },
    detail: { type: "string" },
    errors: {
      type: "array",
      description: "Every parameter that is wrong",
      items: {
        type: "object",
        required: ["parameter", "detail", "allowed"],
        properties: {
          parameter: { type: "string" },
          detail: { type: "string" },
          allowed: { type: "string" },
        },
      },
    },
  },
};

const ENGINE_SCHEMA: Json = {
  type: "string",
  description: "What runs the network",
  enum: ["wasm", "webgpu", "native"],
};

/** What a picture is as JSON. */
export const PICTURE_SCHEMA: Json = {
  type: "object",
  required: [
    "image",
    "width",
    "height",
    "parameters",
    "unknownWords",
    "model",
    "engine",
    "timings",
  ],
  properties: {
    image: {
      type: "string",
      description: "The picture as a data URL",
      pattern: "^data:image/png;base64,",
    },
    width: { type: "integer" },
    height: { type: "integer" },
    parameters: { type: "object", description: "Every parameter in effect" },
    unknownWords: { type: "array", items: { type: "string" } },
    url: {
      type: "string",
      format: "uri-reference",
      description: "Where the picture is; absent for edits",
    },
    model: { type: "object" },
    engine: ENGINE_SCHEMA,
    timings: {
      type: "object",
      description: "Milliseconds",
      additionalProperties: { type: "number" },
    },
  },
};

/** What is told of a model. */
export const MODEL_SCHEMA: Json = {
  type: "object",
  required: [
    "name",
    "image",
    "sampling",
    "condition",
    "license",
    "attribution",
    "sha256",
    "engine",
  ],
  properties: {
    name: { type: "string" },
    image: { type: "object" },
    sampling: { type: "object" },
    condition: {
      type: "object",
      description: "The values of style, group, subgroup and word",
    },
    license: { type: "string" },
    attribution: { type: "array", items: { type: "string" } },
    sha256: { type: "string" },
    engine: ENGINE_SCHEMA,
  },
};

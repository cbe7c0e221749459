import type { ModelConfig } from "@emoji/diffusion/model-config";
import { STRENGTH } from "../edits/strength.ts";
import { FORMATS } from "../request/formats.ts";
import type { Limits } from "../guards/limits.ts";
import {
  type Json,
  MODEL_SCHEMA,
  PICTURE_SCHEMA,
  PROBLEM_SCHEMA,
} from "./schemas.ts";
import {
  type EmojiParameters,
  emojiParameters,
  type Schema,
} from "../request/parameters.ts";
import { type ProblemKind, PROBLEMS } from "../http/problem.ts";

/** What the description depends on. */
export interface OpenApiOptions {
  /** Config of the default model. */
  config: ModelConfig;
  /** Names of all models. */
  models: readonly string[];
  /** What one request may ask for. */
  limits: Limits;
  /** Whether `/emoji/edits` exists. */
  edits: boolean;
}

const TEXT_HEADER = { schema: { type: "string" } };

/** Who may draw: everybody, a bearer of a token, or who has a signed URL, as the server has it. */
const SECURITY = [{}, { token: [] }, { sig: [] }];

/** Headers of a picture's answer. */
const PICTURE_HEADERS: Json = {
  "ETag": {
    description: "Names the picture; known before it is drawn",
    ...TEXT_HEADER,
  },
  "Cache-Control": {
    description: "A year where a seed was given, else no-store",
    ...TEXT_HEADER,
  },
  "Content-Disposition": { description: "A name for the file", ...TEXT_HEADER },
  "X-Seed": {
    description:
      "The seed of the first picture, percent-encoded; numbers count up from it, text gets -2, -3, …",
    ...TEXT_HEADER,
  },
  "X-Model": { description: "The model", ...TEXT_HEADER },
  "X-Steps": { description: "The steps", schema: { type: "integer" } },
  "X-Unknown-Words": {
    description: "Words of the prompt the model does not know, percent-encoded",
    ...TEXT_HEADER,
  },
  "Server-Timing": { description: "Where the time went", ...TEXT_HEADER },
};

/** The API in OpenAPI 3.1. */
export function openApi(
  { config, models, limits, edits }: OpenApiOptions,
): Json {
  const table = emojiParameters(config, models, limits);
  const query = (names: readonly string[]) =>
    names.map((name) => ({ $ref: `#/components/parameters/${name}` }));
  const path = (name: string, schema: Schema, description: string) => ({
    name,
    in: "path",
    required: true,
    description,
    schema,
  });
  const all = Object.keys(table);
  const without = (...names: string[]) =>
    all.filter((name) => !names.includes(name));
  const seed = path("seed", table.seed.schema, table.seed.description);
  const style = path("style", table.style.schema, table.style.description);
  const format = path(
    "format",
    { type: "string", enum: Object.keys(FORMATS) },
    "Kind of file",
  );
  const drawing = {
    tags: ["pictures"],
    security: SECURITY,
    responses: pictureResponses(config),
  };
  return {
    openapi: "3.1.0",
    info: {
      title: "Emoji diffusion",
      version: "1.0.0",
      summary: "Draws emoji that do not exist yet",
      description:
        "The same parameters draw the same picture for ever. Unknown and repeated parameters are refused. Where neither path nor query names a format the answer is PNG, or what the header Accept prefers if it rules out PNG.",
      license: { name: "MIT", identifier: "MIT" },
    },
    servers: [{ url: "/" }],
    tags: [{ name: "pictures" }, { name: "models" }, { name: "operation" }],
    paths: {
      "/emoji": {
        get: {
          operationId: "draw",
          summary: "Draw a picture",
          parameters: query(all),
          ...drawing,
        },
        head: {
          operationId: "describe",
          summary: "A picture's headers, without drawing it",
          parameters: query(all),
          ...drawing,
        },
      },
      "/emoji.{format}": {
        get: {
          operationId: "drawFormat",
          summary: "Draw a picture in a format",
          parameters: [format, ...query(without("format"))],
          ...drawing,
        },
      },
      "/s/{seed}.{format}": {
        get: {
          operationId: "drawSeed",
          summary: "A short path for pictures of people and things by name",
          parameters: [seed, format, ...query(without("seed", "format"))],
          ...drawing,
        },
      },
      "/s/{style}/{seed}.{format}": {
        get: {
          operationId: "drawStyleSeed",
          summary: "A short path with a style",
          parameters: [
            style,
            seed,
            format,
            ...query(without("seed", "style", "format")),
          ],
          ...drawing,
        },
      },
      "/emoji/stream": {
        get: {
          operationId: "stream",
          summary:
            "Watch a picture come to be: events preview, then picture or problem",
          tags: ["pictures"],
          security: SECURITY,
          parameters: query(without("format")),
          responses: {
            200: {
              description: "Server-Sent Events",
              content: { "text/event-stream": {} },
            },
            ...problems(
              "invalid-parameters",
              "unauthorized",
              "uri-too-long",
              "too-costly",
              "too-many-requests",
            ),
          },
        },
      },
      ...(edits && { "/emoji/edits": editOperation(table) }),
      "/models": {
        get: {
          operationId: "listModels",
          summary: "The models, the default one first",
          tags: ["models"],
          responses: {
            200: {
              description: "Models",
              content: {
                "application/json": {
                  schema: {
                    type: "array",
                    items: { $ref: "#/components/schemas/Model" },
                  },
                },
              },
            },
          },
        },
      },
      "/models/{name}": {
        get: {
          operationId: "showModel",
          summary: "What can be asked of a model",
          tags: ["models"],
          parameters: [
            path(
              "name",
              { type: "string", examples: [config.name] },
              "Name of a model",
            ),
          ],
          responses: {
            200: {
              description: "A model",
              content: {
                "application/json": {
                  schema: { $ref: "#/components/schemas/Model" },
                },
              },
            },
            ...problems("not-found"),
          },
        },
      },
      "/healthz": operation("health", "Whether the process is alive", {
        200: text("Alive"),
      }),
      "/readyz": operation("ready", "Whether pictures can be drawn", {
        200: text("Ready"),
        503: text("Not ready"),
      }),
      "/metrics": operation("metrics", "Numbers for Prometheus", {
        200: text("Metrics"),
      }),
    },
    components: {
      parameters: Object.fromEntries(
        Object.entries(table).map((
          [name, { description, allowed, schema }],
        ) => [
          name,
          {
            name,
            in: "query",
            description: `${description}. Allowed: ${allowed}`,
            schema,
          },
        ]),
      ),
      schemas: {
        Problem: PROBLEM_SCHEMA,
        Picture: PICTURE_SCHEMA,
        Model: MODEL_SCHEMA,
      },
      securitySchemes: {
        token: {
          type: "http",
          scheme: "bearer",
          description: "Only where the server asks for it",
        },
        sig: {
          type: "apiKey",
          in: "query",
          name: "sig",
          description:
            "Only where the server asks for it. The last parameter: HMAC-SHA-256, in base64url, of the path and the query before it",
        },
      },
    },
  };
}

/** Drawing from an uploaded picture. */
function editOperation(table: EmojiParameters): Json {
  const { n: _, to: __, t: ___, ...usable } = table;
  const file = { type: "string", contentMediaType: "application/octet-stream" };
  return {
    post: {
      operationId: "edit",
      summary: "Draw from a picture, or the part of it that a mask shows",
      tags: ["pictures"],
      security: SECURITY,
      requestBody: {
        required: true,
        content: {
          "multipart/form-data": {
            schema: {
              type: "object",
              required: ["image"],
              additionalProperties: false,
              properties: {
                image: { ...file, description: "PNG, JPEG or WebP" },
                mask: {
                  ...file,
                  description: "White or transparent where to draw",
                },
                strength: {
                  ...STRENGTH.schema,
                  exclusiveMinimum: 0,
                  description: STRENGTH.description,
                },
                ...Object.fromEntries(
                  Object.entries(usable).map(([name, parameter]) => [
                    name,
                    {
                      ...parameter.schema,
                      description: parameter.description,
                    },
                  ]),
                ),
              },
            },
          },
        },
      },
      responses: {
        200: { description: "The picture" },
        ...problems(
          "invalid-parameters",
          "unauthorized",
          "not-acceptable",
          "request-timeout",
          "payload-too-large",
          "unsupported-media-type",
          "unreadable-picture",
          "too-many-requests",
          "internal-error",
          "overloaded",
          "deadline-exceeded",
        ),
      },
    },
  };
}

function operation(
  operationId: string,
  summary: string,
  responses: Json,
): Json {
  return { get: { operationId, summary, tags: ["operation"], responses } };
}

function text(description: string): Json {
  return {
    description,
    content: { "text/plain": { schema: { type: "string" } } },
  };
}

function pictureResponses(config: ModelConfig): Json {
  const content = Object.fromEntries(
    Object.values(FORMATS).map(({ type }) => [
      type,
      type === FORMATS.json.type
        ? { schema: { $ref: "#/components/schemas/Picture" } }
        : { schema: type === FORMATS.svg.type ? { type: "string" } : {} },
    ]),
  );
  return {
    200: {
      description: `The picture, under ${config.license}`,
      headers: PICTURE_HEADERS,
      content,
    },
    304: { description: "The picture that the client has is good" },
    ...problems(
      "invalid-parameters",
      "unauthorized",
      "not-found",
      "not-acceptable",
      "uri-too-long",
      "too-costly",
      "too-many-requests",
      "internal-error",
      "overloaded",
      "deadline-exceeded",
    ),
  };
}

/** Answers in `application/problem+json`, by status. */
function problems(...kinds: ProblemKind[]): Json {
  return Object.fromEntries(kinds.map((kind) => [
    PROBLEMS[kind].status,
    {
      description: PROBLEMS[kind].title,
      ...(PROBLEMS[kind].status === 503 &&
        { headers: { "Retry-After": { schema: { type: "integer" } } } }),
      content: {
        "application/problem+json": {
          schema: { $ref: "#/components/schemas/Problem" },
          example: {
            type: `/docs#${kind}`,
            title: PROBLEMS[kind].title,
            status: PROBLEMS[kind].status,
            detail: "Cannot …",
          },
        },
      },
    },
  ]));
}

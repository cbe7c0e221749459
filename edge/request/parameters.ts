import { drawnShape, type ModelConfig } from "@emoji/diffusion/model-config";
import { SAMPLERS } from "@emoji/diffusion/sampler-registry";
import { DEFAULT_FORMAT, FORMAT_NAMES } from "./formats.ts";
import type { Limits } from "../guards/limits.ts";
import { SEPARATOR } from "../prompts/prompt.ts";
import type { RequestSeed } from "./request.ts";

/** Part of a JSON Schema. */
export type Schema = Readonly<Record<string, unknown>>;

/** A query parameter for one model under some limits: what it may be, and its only reader. */
export interface Parameter<T> {
  /** What it does, for people. */
  readonly description: string;
  /** What it may be, for people. */
  readonly allowed: string;
  /** What it may be, for machines. */
  readonly schema: Schema;
  /** Reads a value; undefined where it is not allowed. */
  parse(text: string): T | undefined;
}

const INTEGER = /^(?:0|[1-9]\d{0,15})$/;
const DECIMAL = /^(?:0|[1-9]\d{0,3})(?:\.\d{1,20})?(?:[eE]-\d{1,3})?$/;
/** Text that people would take for a number. */
const NUMERIC = "[-+]?(?:[0-9]+\\.?[0-9]*|\\.[0-9]+)(?:[eE][-+]?[0-9]+)?";
const LOOKS_NUMERIC = new RegExp(`^${NUMERIC}$`);

/** A number within bounds; `read` gives NaN for text that is none. */
function bounded(
  type: "integer" | "number",
  [least, most]: readonly [number, number],
  description: string,
  read: (text: string) => number,
): Parameter<number> {
  const kind = type === "integer" ? "an integer" : "a decimal number";
  return {
    description,
    allowed: `${kind} from ${least} to ${most}`,
    schema: { type, minimum: least, maximum: most },
    parse(text) {
      const value = read(text);
      return value >= least && value <= most ? value : undefined;
    },
  };
}

function integer(
  least: number,
  most: number,
  description: string,
): Parameter<number> {
  return bounded(
    "integer",
    [least, most],
    description,
    (text) => INTEGER.test(text) ? Number(text) : NaN,
  );
}

/** A parameter that is a decimal number, to four digits. */
export function decimal(
  least: number,
  most: number,
  description: string,
): Parameter<number> {
  // Four digits are more than anybody can see, and keep equal pictures under one name.
  return bounded(
    "number",
    [least, most],
    description,
    (text) => DECIMAL.test(text) ? Math.round(Number(text) * 1e4) / 1e4 : NaN,
  );
}

function choice<T extends string>(
  values: readonly T[],
  description: string,
): Parameter<T> {
  return {
    description,
    allowed: values.length > 0
      ? `one of ${values.join(", ")}`
      : "nothing: the model does not know this parameter",
    schema: { type: "string", enum: values },
    parse: (text) => values.find((value) => value === text),
  };
}

/** Characters that no text has, in a set of a pattern. */
const UNPRINTABLE = "\\u0000-\\u001f\\u007f-\\u009f\\ufffd";

/** Well-formed text of 1 to `most` characters (code points) that can be printed. */
function isText(text: string, most: number): boolean {
  return text.length > 0 && text.length <= 2 * most &&
    [...text].length <= most &&
    text.isWellFormed() && !/[\p{Cc}\uFFFD]/u.test(text);
}

function seed(limits: Limits, description: string): Parameter<RequestSeed> {
  const { seedLength } = limits;
  return {
    description,
    allowed:
      `an integer from 0 to ${Number.MAX_SAFE_INTEGER}, or text of 1 to ${seedLength} characters that is not a number`,
    schema: {
      anyOf: [
        { type: "integer", minimum: 0, maximum: Number.MAX_SAFE_INTEGER },
        {
          type: "string",
          pattern: `^(?!${NUMERIC}$)[^${UNPRINTABLE}]{1,${seedLength}}$`,
        },
      ],
    },
    parse(text) {
      if (!LOOKS_NUMERIC.test(text)) {
        return isText(text, seedLength) ? text : undefined;
      }
      const value = INTEGER.test(text) ? Number(text) : NaN;
      return Number.isSafeInteger(value) ? value : undefined;
    },
  };
}

function prompt(
  { promptLength }: Limits,
  vocabulary: readonly string[],
): Parameter<string> {
  const known = new Set(vocabulary);
  /** Whether a text lists known words, each once: the canonical form of a prompt, which may be longer than the prompt. */
  const isList = (text: string) => {
    const words = text.split(SEPARATOR);
    return new Set(words).size === words.length &&
      words.every((word) => known.has(word));
  };
  return {
    description:
      "What to draw, in words of any language or as an emoji; of several things of that name the seed chooses one. Words with | between them are not read as one name",
    allowed:
      `text of 1 to ${promptLength} characters, or any of the model's words with ${SEPARATOR} between them`,
    schema: promptSchema(promptLength, vocabulary),
    parse: (text) =>
      isText(text, promptLength) || isList(text) ? text : undefined,
  };
}

/** Any text that is short enough, or words in a list that is no longer than one of the whole vocabulary. */
function promptSchema(most: number, vocabulary: readonly string[]): Schema {
  const type = "string";
  const text = { pattern: `^[^${UNPRINTABLE}]{1,${most}}$` };
  if (vocabulary.length === 0) return { type, ...text };
  const longest = Math.max(...vocabulary.map((word) => word.length));
  const word = `[^${UNPRINTABLE}${SEPARATOR}]{1,${longest}}`;
  const list = {
    pattern: `^${word}(?:[${SEPARATOR}]${word})*$`,
    maxLength: vocabulary.join(SEPARATOR).length,
  };
  return { type, anyOf: [text, list] };
}

const background: Parameter<string> = {
  description: "Colour behind the picture, in hexadecimal digits without #",
  allowed: "transparent, or RGB, RRGGBB or RRGGBBAA in hexadecimal digits",
  schema: {
    type: "string",
    pattern: "^(transparent|[0-9A-Fa-f]{3}|[0-9A-Fa-f]{6}|[0-9A-Fa-f]{8})$",
    default: "transparent",
  },
  parse(text) {
    if (text === "transparent") return "";
    if (!/^(?:[0-9a-f]{3}|[0-9a-f]{6}|[0-9a-f]{8})$/i.test(text)) {
      return undefined;
    }
    const long = text.length === 3 ? text.replaceAll(/./g, "$&$&") : text;
    return long.toLowerCase().padEnd(8, "f");
  },
};

const ETA = "Fresh noise of each step, for samplers that know it";

/** Every query parameter of `/emoji`, in the order of the documentation. */
export function emojiParameters(
  config: ModelConfig,
  models: readonly string[],
  limits: Limits,
) {
  const { sampling, condition } = config;
  const withDefault = <T>(
    parameter: Parameter<T>,
    value: unknown,
  ): Parameter<T> => ({
    ...parameter,
    schema: { ...parameter.schema, default: value },
  });
  return {
    seed: seed(
      limits,
      "The picture's number or name: the same seed draws the same picture. Random if absent",
    ),
    prompt: prompt(limits, condition?.word?.values ?? []),
    style: choice(condition?.style?.values ?? [], "Drawing style"),
    group: choice(condition?.group?.values ?? [], "Unicode's group of emoji"),
    subgroup: choice(
      condition?.subgroup?.values ?? [],
      "Unicode's subgroup of emoji",
    ),
    steps: withDefault(
      integer(
        sampling.minSteps,
        sampling.maxSteps,
        "Solver steps: more take longer and draw finer",
      ),
      sampling.steps,
    ),
    sampler: withDefault(
      choice(
        sampling.samplers.filter((name) => SAMPLERS.has(name)),
        "How to get from noise to the picture",
      ),
      sampling.sampler,
    ),
    eta: sampling.etaBySteps.length === 0
      ? withDefault(decimal(0, 1, ETA), 0)
      : decimal(0, 1, `${ETA}. The model's own for so many steps if absent`),
    guidance: withDefault(
      decimal(
        0,
        20,
        "How strongly prompt, style and group are followed; 1 is not at all",
      ),
      sampling.guidance,
    ),
    size: withDefault(
      integer(limits.minSize, limits.maxSize, "Width and height in pixels"),
      drawnShape(config).width,
    ),
    resample: withDefault(
      choice(
        ["pixel", "smooth"] as const,
        "How the picture is scaled to `size`",
      ),
      "smooth",
    ),
    background,
    format: withDefault(
      choice(FORMAT_NAMES, "Kind of file, if the path does not say it"),
      DEFAULT_FORMAT,
    ),
    n: withDefault(
      integer(
        1,
        limits.pictures,
        "Number of pictures, with seeds that count up",
      ),
      1,
    ),
    to: seed(limits, "A second seed, to move towards"),
    t: withDefault(
      decimal(0, 1, "How far to move towards the second seed"),
      0.5,
    ),
    model: withDefault(choice(models, "Which model draws"), models[0]),
  };
}

/** The readers of `/emoji`'s parameters. */
export type EmojiParameters = ReturnType<typeof emojiParameters>;

import { drawnShape, type ModelConfig } from "@emoji/diffusion/model-config";
import { planSampling, scaleOfGuidance } from "@emoji/diffusion/model-sampler";
import { SAMPLERS } from "@emoji/diffusion/sampler-registry";
import { DEFAULT_FORMAT, type FormatName, FORMATS } from "./formats.ts";
import type { Limits } from "../guards/limits.ts";
import {
  type EmojiParameters,
  emojiParameters,
  type Parameter,
} from "./parameters.ts";
import {
  HttpProblem,
  invalidParameters,
  type ParameterProblem,
} from "../http/problem.ts";
import { notAcceptable } from "./negotiate.ts";
import type { PromptReader } from "../prompts/prompt.ts";
import {
  type EmojiRequest,
  MORPH_FRAMES,
  type RequestSeed,
  RUN_FRAMES,
} from "./request.ts";

/** What {@linkcode requestParser} needs to know of a model. */
export interface ParserModel {
  /** The model's config. */
  readonly config: ModelConfig;
  /** Reads prompts in the model's vocabulary. */
  readonly readPrompt: PromptReader;
}

/** Parameters that the path of a URL has settled. */
export interface PathParameters {
  /** From an extension. */
  readonly format?: string | undefined;
  /** From a short path. */
  readonly seed?: string | undefined;
  /** From a short path. */
  readonly style?: string | undefined;
}

/** A request, and what else than its URL it depends on. */
export interface ParsedRequest {
  /** The request, with every parameter settled. */
  readonly request: EmojiRequest;
  /** Whether its seed was chosen for it. */
  readonly random: boolean;
  /** Whether its format is another than everybody else's, as its Accept header says. */
  readonly negotiated: boolean;
}

/**
 * Reads the query of a URL, strictly, and what its path says. Where neither names a format it is `accepted`, which is the
 * default one if absent; null is none, and status 406. Throws an {@linkcode HttpProblem} that names everything that is
 * wrong.
 */
export type RequestParser = (
  query: URLSearchParams,
  path?: PathParameters,
  accepted?: FormatName | null,
) => ParsedRequest;

/**
 * Makes the one reader of `/emoji`'s parameters.
 *
 * @param models By name; the first is the default.
 * @param limits What one request may ask for.
 * @param randomSeed Chooses a seed for requests without one.
 */
export function requestParser(
  models: ReadonlyMap<string, ParserModel>,
  limits: Limits,
  randomSeed: () => number,
): RequestParser {
  const names = [...models.keys()];
  const tables = new Map(
    [...models].map((
      [name, { config }],
    ) => [name, emojiParameters(config, names, limits)]),
  );
  return (query, path = {}, accepted = DEFAULT_FORMAT) => {
    const name = query.get("model") ?? names[0]!;
    const known = models.has(name) ? name : names[0]!;
    const { config, readPrompt } = models.get(known)!;
    const table = tables.get(known)!;
    const { values, problems } = readValues(table, query, path);
    if (problems.length > 0) throw invalidParameters(problems);
    const format = values.format ?? accepted;
    if (format === null) throw notAcceptable();
    const chosen = { ...values, format };
    const conflicts = checkTogether(chosen, config);
    if (conflicts.length > 0) {
      throw invalidParameters(conflicts, "invalid-combination");
    }
    const request = settle(chosen, config, readPrompt, randomSeed);
    checkCost(request, config, limits);
    return {
      request,
      random: values.seed === undefined,
      negotiated: values.format === undefined && format !== DEFAULT_FORMAT,
    };
  };
}

/** The values that were given. */
type Values = {
  [Name in keyof EmojiParameters]?: EmojiParameters[Name] extends
    Parameter<infer T> ? T : never;
};

/** The values that were given, and the format in any case. */
type ChosenValues = Values & { format: FormatName };

function readValues(
  table: EmojiParameters,
  query: URLSearchParams,
  path: PathParameters,
) {
  const problems: ParameterProblem[] = [];
  const values: Record<string, unknown> = {};
  const given: [string, string][] = [...query];
  for (const [name, text] of Object.entries(path)) {
    if (text !== undefined) given.push([name, text]);
  }
  const seen = new Set<string>();
  const names = Object.keys(table).join(", ");
  for (const [name, text] of given) {
    if (!Object.hasOwn(table, name)) {
      problems.push({
        parameter: name.slice(0, 64),
        detail: "is not a parameter",
        allowed: names,
      });
      continue;
    }
    const parameter: Parameter<unknown> = table[name as keyof EmojiParameters];
    if (seen.has(name)) {
      problems.push({
        parameter: name,
        detail: "is given more than once",
        allowed: parameter.allowed,
      });
      continue;
    }
    seen.add(name);
    const value = parameter.parse(text);
    if (value === undefined) {
      problems.push({
        parameter: name,
        detail: `must be ${parameter.allowed}: current value is ${
          shorten(text)
        }`,
        allowed: parameter.allowed,
      });
    } else {
      values[name] = value;
    }
  }
  return { values: values as Values, problems };
}

/** Parameters that are right one by one but not together. */
function checkTogether(
  values: ChosenValues,
  config: ModelConfig,
): ParameterProblem[] {
  const problems: ParameterProblem[] = [];
  const {
    eta = 0,
    sampler = config.sampling.sampler,
    seed,
    n = 1,
    to,
    t,
    format,
  } = values;
  if (eta !== 0 && SAMPLERS.get(sampler)?.eta === false) {
    problems.push({
      parameter: "eta",
      detail: `must be 0 with sampler ${sampler}: current value is ${eta}`,
      allowed: "0",
    });
  }
  if (typeof seed === "number" && seed > Number.MAX_SAFE_INTEGER - n + 1) {
    const most = Number.MAX_SAFE_INTEGER - n + 1;
    problems.push({
      parameter: "seed",
      detail:
        `must leave room for ${n} seeds that count up: current value is ${seed}`,
      allowed: `an integer from 0 to ${most}`,
    });
  }
  if (n > 1 && to !== undefined && FORMATS[format].animated) {
    problems.push({
      parameter: "n",
      detail:
        `must be 1 for an animation from one seed to another: current value is ${n}`,
      allowed: "1",
    });
  }
  if (t !== undefined && to === undefined) {
    problems.push({
      parameter: "t",
      detail: "needs a second seed in 'to'",
      allowed: "nothing without 'to'",
    });
  }
  if (t !== undefined && FORMATS[format].animated && to !== undefined) {
    problems.push({
      parameter: "t",
      detail: `has no meaning in ${format}, which shows the whole way`,
      allowed: "nothing",
    });
  }
  return problems;
}

function settle(
  values: ChosenValues,
  config: ModelConfig,
  readPrompt: PromptReader,
  randomSeed: () => number,
): EmojiRequest {
  const { format } = values;
  const prompt = readPrompt(values.prompt ?? "");
  const plan = planSampling(config, values);
  const seed: RequestSeed = values.seed ?? randomSeed();
  const group = values.group ?? prompt.group;
  const subgroup = values.subgroup ?? prompt.subgroup;
  const t = values.to === undefined || FORMATS[format].animated
    ? undefined
    : values.t ?? 0.5;
  return {
    model: config.name,
    seed,
    n: values.n ?? 1,
    ...(values.to !== undefined && { to: values.to }),
    ...(t !== undefined && { t }),
    words: prompt.words,
    unknown: prompt.unknown,
    ...(values.style !== undefined && { style: values.style }),
    ...(group !== undefined && { group }),
    ...(subgroup !== undefined && { subgroup }),
    steps: plan.steps,
    sampler: plan.sampler,
    eta: plan.eta,
    guidance: plan.guidance,
    size: values.size ?? drawnShape(config).width,
    resample: values.resample ?? "smooth",
    ...(values.background && { background: values.background }),
    format,
  };
}

function checkCost(
  request: EmojiRequest,
  config: ModelConfig,
  limits: Limits,
): void {
  const cost = costOf(request, config);
  if (cost > limits.evaluations) {
    throw new HttpProblem(
      "too-costly",
      `Cannot draw as steps and n must ask for at most ${limits.evaluations} evaluations of the network: current value is ${cost}`,
    );
  }
  const pixels = pixelsOf(request);
  if (pixels > limits.pixels) {
    throw new HttpProblem(
      "too-costly",
      `Cannot draw as size, n and the frames of an animation must ask for at most ${limits.pixels} pixels: current value is ${pixels}`,
    );
  }
}

/** Pixels of a request's answer, frame by frame. */
function pixelsOf({ size, n, to, format, steps }: EmojiRequest): number {
  const columns = Math.ceil(Math.sqrt(n));
  const sheet = columns * Math.ceil(n / columns) * size ** 2;
  if (!FORMATS[format].animated) return sheet;
  return sheet *
    (to === undefined ? Math.min(steps, RUN_FRAMES) : MORPH_FRAMES);
}

/** Evaluations of the network that a request needs. */
export function costOf(request: EmojiRequest, config: ModelConfig): number {
  const { evaluations } = planSampling(config, request);
  const guided = scaleOfGuidance(config, request.guidance) !== 1 &&
    (config.subjects !== undefined || request.words.length > 0 ||
      request.style !== undefined ||
      request.group !== undefined || request.subgroup !== undefined);
  const runs = request.to !== undefined && FORMATS[request.format].animated
    ? MORPH_FRAMES
    : request.n;
  const enlarging = config.upsampler === undefined ? 0 : 1;
  return (evaluations * (guided ? 2 : 1) + enlarging) * runs;
}

function shorten(text: string): string {
  const shown = JSON.stringify(text.slice(0, 60).toWellFormed());
  return text.length > 60 ? `${shown.slice(0, -1)}…"` : shown;
}

import type { EngineClass } from "./engines/engine.ts";
import { isToken } from "./guards/access.ts";

/** Settings of a server, from the environment. */
export interface ServerConfig {
  /** Port to listen on. */
  readonly port: number;
  /** Address to listen on. */
  readonly host: string;
  /** Folder with the models. */
  readonly modelsDir: string;
  /** Name of the default model. */
  readonly model?: string;
  /** What runs the networks. */
  readonly engine: EngineClass;
  /** Bytes of finished pictures to keep in memory. */
  readonly cacheBytes: number;
  /** Threads that draw; with 0 the thread that answers draws too. */
  readonly workers: number;
  /** Requests that may wait for their turn. */
  readonly queue: number;
  /** Milliseconds after which a request is given up. */
  readonly deadlineMs: number;
  /** Most evaluations of the network for a request. */
  readonly evaluations: number;
  /** Requests a second that a client may make in the long run; 0 is any number. */
  readonly rate: number;
  /** Whether to believe X-Forwarded-For, since a proxy of ours writes it. */
  readonly trustProxy: boolean;
  /** Bearer tokens that may draw; everybody may if there are neither tokens nor keys. */
  readonly tokens: readonly string[];
  /** Keys of signed URLs. */
  readonly signingKeys: readonly string[];
  /** Whether to log requests to the API, one JSON object a line. */
  readonly log: boolean;
}

/** Environment variables that are read, and their meaning; programs need no permission for others. */
export const VARIABLES = {
  PORT: "port to listen on, 0 for any (default 8000)",
  HOST: "address to listen on (default localhost)",
  MODELS_DIR: "folder with the models (default models)",
  MODEL: "name of the default model (default that of the largest pictures)",
  ENGINE: "what runs the networks: auto, wasm, webgpu, native (default auto)",
  CACHE_MB: "memory for finished pictures (default 32)",
  WORKERS:
    "threads that draw, 0 to draw in the one that answers; Deno (default one a core, at most 4)",
  QUEUE: "requests that may wait (default 64)",
  DEADLINE_S: "seconds after which a request is given up (default 30)",
  MAX_EVALUATIONS:
    "most evaluations of the network for a request (default 400)",
  RATE: "requests a second of a client, 0 for any number (default 0)",
  TRUST_PROXY: "1 where a proxy says who the client is (default 0)",
  TOKENS: "bearer tokens that may draw, with commas (default none)",
  SIGNING_KEYS: "keys of signed URLs, with commas (default none)",
  LOG: "1 for one JSON line a request to the API (default 0)",
} as const satisfies Record<string, string>;

/** Name of a setting. */
export type Variable = keyof typeof VARIABLES;

/** What a host does in its own way. */
export interface HostDefaults {
  /** Folder with the models. */
  modelsDir: string;
  /**
   * Threads that draw.
   * @default {0}
   */
  workers?: number;
  /**
   * What the host can run networks with. `auto` is the first.
   * @default {["wasm"]}
   */
  engines?: readonly EngineClass[];
}

/**
 * Reads settings. The only reader of the environment.
 *
 * @param get Value of a variable, e.g. `Deno.env.get`.
 * @param defaults What a host does differently.
 * @throws {RangeError} If a value is not allowed; the message names the variable.
 */
export function readConfig(
  get: (name: Variable) => string | undefined,
  defaults: HostDefaults,
): ServerConfig {
  const text = (name: Variable) => get(name) || undefined;
  const integer = (
    name: Variable,
    fallback: number,
    least: number,
    most: number,
  ) => {
    const given = text(name);
    if (given === undefined) return fallback;
    const value = /^\d{1,9}$/.test(given) ? Number(given) : NaN;
    if (!(value >= least && value <= most)) {
      throw new RangeError(
        `Cannot start as ${name} must be an integer from ${least} to ${most}: current value is ${given}`,
      );
    }
    return value;
  };
  const list = (name: Variable) => {
    const given = text(name);
    if (given === undefined) return [];
    const items = given.split(",").map((item) => item.trim()).filter(Boolean);
    // Not the same as none, which would let everybody in.
    if (items.length === 0) {
      throw new RangeError(
        `Cannot start as ${name} must name one at least: current value is ${given}`,
      );
    }
    return items;
  };
  const { engines = ["wasm"] } = defaults;
  const choice = text("ENGINE") ?? "auto";
  const engine = choice === "auto"
    ? engines[0]!
    : engines.find((name) => name === choice);
  if (engine === undefined) {
    throw new RangeError(
      `Cannot start as ENGINE must be one of auto, ${
        engines.join(", ")
      } on this host: current value is ${choice}`,
    );
  }
  const model = text("MODEL");
  return {
    port: integer("PORT", 8000, 0, 65535),
    host: text("HOST") ?? "localhost",
    modelsDir: text("MODELS_DIR") ?? defaults.modelsDir,
    ...(model !== undefined && { model }),
    engine,
    cacheBytes: integer("CACHE_MB", 32, 0, 65536) * 2 ** 20,
    workers: integer("WORKERS", defaults.workers ?? 0, 0, 64),
    queue: integer("QUEUE", 64, 0, 100_000),
    deadlineMs: integer("DEADLINE_S", 30, 1, 3600) * 1000,
    evaluations: integer("MAX_EVALUATIONS", 400, 1, 1_000_000),
    rate: integer("RATE", 0, 0, 1_000_000),
    trustProxy: integer("TRUST_PROXY", 0, 0, 1) === 1,
    tokens: checkTokens(list("TOKENS")),
    signingKeys: list("SIGNING_KEYS"),
    log: integer("LOG", 0, 0, 1) === 1,
  };
}

/** Refuses tokens that no request can bring, without telling them to whoever reads the log. */
function checkTokens(tokens: readonly string[]): readonly string[] {
  const wrong = tokens.findIndex((token) => !isToken(token));
  if (wrong >= 0) {
    throw new RangeError(
      `Cannot start as each of TOKENS must be 1 to 512 of the characters A-Z a-z 0-9 . _ ~ + / = -: current value is number ${
        wrong + 1
      } of them, which is not shown`,
    );
  }
  return tokens;
}

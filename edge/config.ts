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
  /** Bytes of finished pictures to keep in memory. */
  readonly cacheBytes: number;
}

/** Environment variables that are read; programs need no permission for others. */
export const VARIABLES = [
  "PORT",
  "HOST",
  "MODELS_DIR",
  "MODEL",
  "CACHE_MB",
] as const;

/** Name of an environment variable that is read. */
export type Variable = typeof VARIABLES[number];

/**
 * Reads settings. The only reader of the environment.
 *
 * @param get Value of a variable, e.g. `Deno.env.get`.
 * @param defaults What a host does differently.
 * @throws {RangeError} If a value is not allowed; the message names the variable.
 */
export function readConfig(
  get: (name: Variable) => string | undefined,
  defaults: { modelsDir: string },
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
  const model = text("MODEL");
  return {
    port: integer("PORT", 8000, 0, 65535),
    host: text("HOST") ?? "localhost",
    modelsDir: text("MODELS_DIR") ?? defaults.modelsDir,
    ...(model !== undefined && { model }),
    cacheBytes: integer("CACHE_MB", 32, 0, 65536) * 2 ** 20,
  };
}

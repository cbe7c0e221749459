import { parseArgs } from "node:util";
import { type Variable, VARIABLES } from "../config.ts";

/** What must not be seen in a list of processes. */
const SECRETS: readonly Variable[] = ["TOKENS", "SIGNING_KEYS"];

/** What may be an argument. */
const FLAGS = (Object.keys(VARIABLES) as Variable[])
  .filter((name) => !SECRETS.includes(name));

/**
 * Settings from a program's arguments, else from its environment: `--engine native` is `ENGINE=native`.
 *
 * @param args The arguments.
 * @param env Reads an environment variable.
 * @returns Reads a setting.
 * @throws {TypeError} If an argument is none of the settings.
 */
export function settings(
  args: readonly string[],
  env: (name: Variable) => string | undefined,
): (name: Variable) => string | undefined {
  const values = parse(args);
  return (name) => values[flagOf(name)] ?? env(name);
}

function parse(args: readonly string[]) {
  const options = Object.fromEntries(
    FLAGS.map((name) => [flagOf(name), { type: "string" as const }]),
  );
  try {
    return parseArgs({ args: [...args], options }).values;
  } catch (error) {
    const [line] = (error as Error).message.split(". ");
    throw new TypeError(`${line}; --help lists the settings`);
  }
}

/** The text of `--help`, where a program's arguments ask for it. */
export function helpAsked(args: readonly string[]): string | undefined {
  if (!args.includes("--help") && !args.includes("-h")) return undefined;
  const width = 2 + Math.max(...FLAGS.map((name) => `--${name}`.length));
  const line = (left: string, name: Variable) =>
    `  ${left.padEnd(width)}${VARIABLES[name]}\n`;
  const flags = FLAGS.map((name) => line(`--${flagOf(name)}`, name));
  const secrets = SECRETS.map((name) => line(name, name));
  return `Serves emoji that a diffusion model draws: GET /emoji?seed=42

Options, each also a variable such as PORT=8000:
${flags.join("")}
Variables alone:
${secrets.join("")}`;
}

/** MODELS_DIR is --models-dir. */
function flagOf(name: Variable): string {
  return name.toLowerCase().replaceAll("_", "-");
}

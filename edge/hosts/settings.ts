import { parseArgs } from "node:util";
import { type Variable, VARIABLES } from "../config.ts";

/** What must not be seen in a list of processes. */
const SECRETS: readonly Variable[] = ["TOKENS", "SIGNING_KEYS"];

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
  const flags = VARIABLES.filter((name) => !SECRETS.includes(name));
  const { values } = parseArgs({
    args: [...args],
    options: Object.fromEntries(
      flags.map((name) => [flagOf(name), { type: "string" }]),
    ),
  });
  return (name) => (values[flagOf(name)] as string | undefined) ?? env(name);
}

/** MODELS_DIR is --models-dir. */
function flagOf(name: Variable): string {
  return name.toLowerCase().replaceAll("_", "-");
}

/**
 * Command-line options from one typed table: parsing, checking and `--help` come from it.
 *
 * @module
 */

import { parseArgs } from "node:util";

/** One option. */
export interface OptionSpec {
  /** What its value is. */
  type: "string" | "number" | "boolean";
  /** What it does, for `--help`. */
  help: string;
  /** Value where it is not given. */
  default?: string | number | boolean;
  /** Smallest number allowed. */
  min?: number;
  /** Largest number allowed. */
  max?: number;
  /** Whether a number must be whole. */
  integer?: boolean;
  /** Texts allowed. */
  choices?: readonly string[];
  /** Options that it says more of, without which it is refused. */
  needs?: readonly string[];
  /** Options that it takes the place of, beside which it is refused. */
  replaces?: readonly string[];
  /**
   * Whether it names a JSON file with values for the other options, which the command line overrides.
   * @default {false}
   */
  optionsFile?: boolean;
}

/** A table of options by name. */
export type OptionTable = Readonly<Record<string, OptionSpec>>;

type ValueOf<Spec extends Pick<OptionSpec, "type">> = Spec extends
  { choices: readonly (infer Choice)[] } ? Choice
  : Spec["type"] extends "number" ? number
  : Spec["type"] extends "boolean" ? boolean
  : string;

/** Values of a table's options; those without a default may be missing. */
export type OptionValues<Table extends OptionTable> = {
  [Name in keyof Table]: Table[Name] extends { default: unknown }
    ? ValueOf<Table[Name]>
    : ValueOf<Table[Name]> | undefined;
};

/** A mistake in the command line, to be shown without a stack trace. */
export class UsageError extends Error {}

/**
 * Reads `args` by `table`.
 *
 * @throws {UsageError} If an option is unknown or its value is not allowed.
 */
export function readOptions<const Table extends OptionTable>(
  table: Table,
  args: readonly string[],
): OptionValues<Table> {
  const { values: given } = parse(table, args);
  const [file] = Object.entries(table).find(([, spec]) => spec.optionsFile) ??
    [""];
  const path = given[file];
  const values = path === undefined
    ? given
    : { ...withoutReplaced(table, String(path), given), ...given };
  const entries = Object.entries(table).map(([name, spec]) => [
    name,
    name in values ? check(name, spec, values[name]!) : spec.default,
  ]);
  const read = Object.fromEntries(entries);
  checkTogether(table, read);
  return read;
}

/** Refuses options that say nothing beside the others. */
function checkTogether(
  table: OptionTable,
  values: Readonly<Record<string, unknown>>,
): void {
  const isGiven = (name: string) =>
    values[name] !== undefined && values[name] !== false &&
    values[name] !== table[name]?.default;
  for (const [name, { needs = [], replaces = [] }] of Object.entries(table)) {
    if (!isGiven(name)) continue;
    const missing = needs.find((other) => !isGiven(other));
    if (missing !== undefined) {
      throw new UsageError(
        `Cannot use --${name} as it goes with --${missing}: add that`,
      );
    }
    const replaced = replaces.find(isGiven);
    if (replaced !== undefined) {
      throw new UsageError(
        `Cannot use --${name} as it takes the place of --${replaced}: leave one of them out`,
      );
    }
  }
}

/** Values of a JSON file, but those whose place a given option takes. */
function withoutReplaced(
  table: OptionTable,
  path: string,
  given: Readonly<Record<string, unknown>>,
): Record<string, string | boolean> {
  const replaced = Object.keys(given)
    .flatMap((name) => table[name]?.replaces ?? []);
  const entries = Object.entries(readOptionsFile(table, path));
  return Object.fromEntries(
    entries.filter(([name]) => !replaced.includes(name)),
  );
}

/** Values of a JSON file, in the form in which the command line gives them. */
function readOptionsFile(
  table: OptionTable,
  path: string,
): Record<string, string | boolean> {
  let json: unknown;
  try {
    json = JSON.parse(Deno.readTextFileSync(path));
  } catch (error) {
    throw new UsageError(
      `Cannot read options from ${path}: ${(error as Error).message}`,
    );
  }
  if (json === null || typeof json !== "object" || Array.isArray(json)) {
    throw new UsageError(
      `Cannot read options from ${path} as it must be a JSON object of options`,
    );
  }
  const entries = Object.entries(json).map(([name, value]) => {
    const spec = Object.hasOwn(table, name) ? table[name] : undefined;
    if (spec === undefined || spec.optionsFile) {
      throw new UsageError(
        `Cannot read options from ${path} as ${name} is no option: --help lists them`,
      );
    }
    const type: string = typeof value;
    // A number is a text where one may be given: a list of one, or a scale.
    if (type !== spec.type && !(type === "number" && spec.type === "string")) {
      throw new UsageError(
        `Cannot read options from ${path} as ${name} must be a ${spec.type}: current value is ${
          JSON.stringify(value)
        }`,
      );
    }
    return [name, typeof value === "boolean" ? value : String(value)];
  });
  return Object.fromEntries(entries);
}

/** `--name -1` as `--name=-1`: parseArgs() takes the number for an option of its own. */
function joinNegative(table: OptionTable, args: readonly string[]): string[] {
  const joined: string[] = [];
  for (const arg of args) {
    const before = joined.at(-1) ?? "";
    const spec = before.startsWith("--") ? table[before.slice(2)] : undefined;
    const isValue = /^-\.?\d/.test(arg) && spec && spec.type !== "boolean";
    if (isValue) joined[joined.length - 1] += `=${arg}`;
    else joined.push(arg);
  }
  return joined;
}

function parse(table: OptionTable, args: readonly string[]) {
  const options = Object.fromEntries(
    Object.entries(table).map(([name, { type }]) => [
      name,
      { type: type === "boolean" ? "boolean" as const : "string" as const },
    ]),
  );
  try {
    const joined = joinNegative(table, args);
    // --no-NAME is false, against a file that says true.
    return parseArgs({
      args: joined,
      options,
      strict: true,
      allowNegative: true,
    });
  } catch (error) {
    const [line] = (error as Error).message.split(". ");
    throw new UsageError(`${line}; --help lists the options`);
  }
}

function check(
  name: string,
  spec: OptionSpec,
  given: string | boolean,
): string | number | boolean {
  if (spec.choices && !spec.choices.includes(String(given))) {
    throw new UsageError(
      `Cannot use --${name} as it must be one of ${
        spec.choices.join(", ")
      }: current value is ${given}`,
    );
  }
  if (spec.type !== "number") return given;
  const value = Number(given);
  const { min = -Infinity, max = Infinity, integer = false } = spec;
  const sound = integer ? Number.isInteger(value) : Number.isFinite(value);
  if (given === "" || !(value >= min && value <= max) || !sound) {
    const kind = integer ? "a whole number" : "a number";
    throw new UsageError(
      `Cannot use --${name} as it must be ${kind}${
        bounds(min, max)
      }: current value is ${given}`,
    );
  }
  return value;
}

function bounds(min: number, max: number): string {
  if (min > -Infinity && max < Infinity) return ` from ${min} to ${max}`;
  if (min > -Infinity) return ` of at least ${min}`;
  return max < Infinity ? ` of at most ${max}` : "";
}

/** The text of `--help`. */
export function helpText(summary: string, table: OptionTable): string {
  const rows = Object.entries(table).map(([name, spec]) => {
    const value = spec.choices
      ? spec.choices.join("|")
      : spec.type === "boolean"
      ? ""
      : spec.type === "number"
      ? "N"
      : "TEXT";
    const preset = spec.default === undefined || spec.default === false
      ? ""
      : ` (default ${spec.default})`;
    const needed = spec.needs?.map((other) => `--${other}`).join(" and ");
    const help = spec.help + (needed ? `; with ${needed}` : "") + preset;
    return [`  --${name} ${value}`.trimEnd(), help] as const;
  });
  const width = Math.max(...rows.map(([left]) => left.length)) + 2;
  const lines = rows.map(([left, right]) => left.padEnd(width) + right);
  return `${summary}\n\nOptions:\n${lines.join("\n")}\n`;
}

/** Runs a program: prints help, turns errors into one line and a non-zero exit. */
export async function runProgram<const Table extends OptionTable>(
  summary: string,
  table: Table,
  main: (options: OptionValues<Table>) => Promise<void>,
): Promise<void> {
  if (Deno.args.includes("--help") || Deno.args.includes("-h")) {
    console.log(helpText(summary, table));
    return;
  }
  try {
    await main(readOptions(table, Deno.args));
  } catch (error) {
    const debug = Deno.env.get("DEBUG");
    const message = error instanceof Error ? error.message : String(error);
    console.error(
      `error: ${debug && error instanceof Error ? error.stack : message}`,
    );
    Deno.exit(error instanceof UsageError ? 2 : 1);
  }
}

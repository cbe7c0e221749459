/** A `scheduler_config.json` of diffusers, parsed. */
export type SchedulerConfig = Readonly<Record<string, unknown>>;

/** Reads the fields of a configuration with the defaults of its class. */
export interface ConfigReader {
  /** Name of the class. */
  readonly className: string;
  /** A number. */
  number(field: string, fallback: number): number;
  /** A switch. */
  flag(field: string, fallback: boolean): boolean;
  /** One of some words. */
  choice<Word extends string>(
    field: string,
    fallback: Word,
    words: readonly Word[],
  ): Word;
  /** A list of numbers. */
  numbers(field: string): readonly number[] | undefined;
  /** Refuses every value but the one that is supported. */
  only(field: string, value: string | number | boolean | null): void;
}

/** JSON has no infinities: diffusers writes them as text. */
const INFINITIES: ReadonlyMap<unknown, number> = new Map([
  ["Infinity", Infinity],
  ["-Infinity", -Infinity],
]);

/**
 * Makes a reader of a configuration. Fields that are missing or null have the default.
 *
 * @param className Name of the class, for errors.
 * @param given The configuration.
 * @param fields The fields that the class has; it does not see others.
 */
export function readConfig(
  className: string,
  given: SchedulerConfig,
  fields: ReadonlySet<string>,
): ConfigReader {
  const config = Object.fromEntries(
    Object.entries(given).filter(([field]) => fields.has(field)),
  );
  function read<T>(
    field: string,
    fallback: T,
    is: (value: unknown) => value is T,
    wanted: string,
  ): T {
    const value = config[field] ?? fallback;
    if (is(value)) return value;
    throw new TypeError(
      `Cannot read a ${className} as '${field}' must be ${wanted}: current value is ${
        JSON.stringify(value)
      }`,
    );
  }
  const isNumber = (value: unknown): value is number =>
    typeof value === "number" && !Number.isNaN(value);
  const isList = (value: unknown): value is readonly number[] | undefined =>
    value === undefined || Array.isArray(value) && value.every(isNumber);
  return {
    className,
    number: (field, fallback) => {
      const infinite = INFINITIES.get(config[field]);
      return infinite ?? read(field, fallback, isNumber, "a number");
    },
    flag: (field, fallback) =>
      read(
        field,
        fallback,
        (value) => typeof value === "boolean",
        "true or false",
      ),
    choice: (field, fallback, words) =>
      read(
        field,
        fallback,
        (value): value is typeof fallback =>
          words.some((word) => word === value),
        `one of ${words.join(", ")}`,
      ),
    numbers: (field) => read(field, undefined, isList, "a list of numbers"),
    only: (field, value) => {
      const given = INFINITIES.get(config[field]) ?? config[field] ?? value;
      if (given === value) return;
      throw new RangeError(
        `Cannot read a ${className} as '${field}' must be ${value}: current value is ${
          JSON.stringify(config[field])
        }`,
      );
    },
  };
}

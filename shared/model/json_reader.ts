/**
 * A value of parsed JSON that knows where it stands, so that an error can name the place: `$.image.width`.
 */
export class JsonReader {
  readonly #value: unknown;
  readonly #path: string;

  /**
   * @param value What `JSON.parse` gave.
   * @param path Where it stands.
   */
  constructor(value: unknown, path = "$") {
    this.#value = value;
    this.#path = path;
  }

  /** Whether the value is there at all. */
  get exists(): boolean {
    return this.#value !== undefined;
  }

  /** The value as it is. */
  get raw(): unknown {
    return this.#value;
  }

  /** A member of an object; it need not exist. */
  get(key: string): JsonReader {
    const object = this.object();
    return new JsonReader(
      Object.hasOwn(object, key) ? object[key] : undefined,
      `${this.#path}.${key}`,
    );
  }

  /** An object. */
  object(): Record<string, unknown> {
    if (
      typeof this.#value !== "object" || this.#value === null ||
      Array.isArray(this.#value)
    ) {
      throw this.error("be an object");
    }
    return this.#value as Record<string, unknown>;
  }

  /** The elements of an array. */
  array(): JsonReader[] {
    if (!Array.isArray(this.#value)) throw this.error("be an array");
    return this.#value.map((value, index) =>
      new JsonReader(value, `${this.#path}[${index}]`)
    );
  }

  /** A string that is not empty, and matches `pattern` if there is one. */
  string(pattern: RegExp = /[^]/): string {
    if (typeof this.#value !== "string" || !pattern.test(this.#value)) {
      throw this.error(
        pattern.source === "[^]"
          ? "be a string that is not empty"
          : `be a string that matches ${pattern}`,
      );
    }
    return this.#value;
  }

  /** One of a few constants. */
  oneOf<T extends string | number>(...allowed: readonly T[]): T {
    const found = allowed.find((value) => value === this.#value);
    if (found === undefined) {
      throw this.error(
        `be ${allowed.map((value) => JSON.stringify(value)).join(" or ")}`,
      );
    }
    return found;
  }

  /** Distinct strings. */
  strings(): string[] {
    const strings = this.array().map((element) => element.string());
    if (new Set(strings).size !== strings.length) {
      throw this.error("hold no string twice");
    }
    return strings;
  }

  /** A boolean. */
  boolean(): boolean {
    if (typeof this.#value !== "boolean") throw this.error("be true or false");
    return this.#value;
  }

  /** A finite number in [`least`, `most`]. */
  number(least = -Infinity, most = Infinity): number {
    const value = this.#value;
    if (
      typeof value !== "number" || !Number.isFinite(value) ||
      !(value >= least && value <= most)
    ) {
      throw this.error(`be a finite number${range(least, most)}`);
    }
    return value;
  }

  /** An integer in [`least`, `most`]. */
  integer(least: number, most: number = Number.MAX_SAFE_INTEGER): number {
    const value = this.#value;
    if (
      typeof value !== "number" || !Number.isInteger(value) ||
      !(value >= least && value <= most)
    ) {
      throw this.error(`be an integer${range(least, most)}`);
    }
    return value;
  }

  /** The error that says what this value must do. */
  error(must: string): TypeError {
    const shown = this.#value === undefined
      ? "missing"
      : typeof this.#value === "number"
      ? String(this.#value) // 1e999 in JSON is Infinity, which JSON.stringify writes as null
      : JSON.stringify(this.#value);
    const short = shown.length > 80 ? `${shown.slice(0, 80)}…` : shown;
    return new TypeError(
      `Cannot read model config as ${this.#path} must ${must}: current value is ${short}`,
    );
  }
}

function range(least: number, most: number): string {
  if (most === Infinity || most === Number.MAX_SAFE_INTEGER) {
    return least === -Infinity ? "" : ` of at least ${least}`;
  }
  return ` from ${least} to ${most}`;
}

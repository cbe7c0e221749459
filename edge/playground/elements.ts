/// <reference lib="dom" />

/**
 * The element with an id.
 *
 * @throws {TypeError} If there is none of that kind: the page and its script do not fit together.
 */
export function element<T extends Element>(
  id: string,
  kind: abstract new (...args: never) => T,
): T {
  const found = document.getElementById(id);
  if (!(found instanceof kind)) {
    throw new TypeError(
      `Cannot start as the page must have a ${kind.name} with id ${id}`,
    );
  }
  return found;
}

/** Fills a list of choices, keeping those that the page has. */
export function addOptions(
  select: HTMLSelectElement,
  values: readonly string[],
): void {
  select.append(...values.map((value) => new Option(value, value)));
}

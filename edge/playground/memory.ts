/// <reference lib="dom" />

/** A picture that was drawn before. */
export interface Memory {
  /** What was asked for. */
  readonly query: string;
  /** Data URL of the picture. */
  readonly image: string;
  /** What it shows, in words. */
  readonly alt: string;
}

const KEY = "drawings";
const CAPACITY = 32;

/** What this browser remembers, the newest first; nothing where it may not. */
export function recall(): Memory[] {
  try {
    const stored: unknown = JSON.parse(localStorage.getItem(KEY) ?? "[]");
    return Array.isArray(stored) ? stored.filter(isMemory) : [];
  } catch {
    return [];
  }
}

/** Remembers a picture in the place of an older one of the same query. */
export function remember(memory: Memory): Memory[] {
  const others = recall().filter(({ query }) => query !== memory.query);
  const memories = [memory, ...others].slice(0, CAPACITY);
  store(memories);
  return memories;
}

/** Forgets everything. */
export function forget(): void {
  store([]);
}

/** Large pictures may not fit; then the older half is dropped until they do. */
function store(memories: readonly Memory[]): void {
  for (let count = memories.length;; count = count >> 1) {
    try {
      localStorage.setItem(KEY, JSON.stringify(memories.slice(0, count)));
      return;
    } catch {
      if (count === 0) return;
    }
  }
}

function isMemory(value: unknown): value is Memory {
  const { query, image, alt } = (value ?? {}) as Record<string, unknown>;
  return typeof query === "string" && typeof alt === "string" &&
    typeof image === "string" && image.startsWith("data:image/png;base64,");
}

/** Files by name, the least recently used dropped first. */
export class ByteCache {
  readonly #entries = new Map<string, Uint8Array<ArrayBuffer>>();
  readonly #capacity: number;
  #size = 0;

  /** @param capacity Most bytes to keep; 0 keeps nothing. */
  constructor(capacity: number) {
    this.#capacity = capacity;
  }

  /** Bytes held. */
  get size(): number {
    return this.#size;
  }

  /** Whether a file is held. */
  has(name: string): boolean {
    return this.#entries.has(name);
  }

  /** A file, which then counts as used. */
  get(name: string): Uint8Array<ArrayBuffer> | undefined {
    const bytes = this.#entries.get(name);
    if (bytes !== undefined) {
      this.#entries.delete(name);
      this.#entries.set(name, bytes);
    }
    return bytes;
  }

  /** Keeps a file, unless it alone is beyond an eighth of the capacity. */
  set(name: string, bytes: Uint8Array<ArrayBuffer>): void {
    if (bytes.length > this.#capacity / 8) return;
    this.#size += bytes.length - (this.#entries.get(name)?.length ?? 0);
    this.#entries.delete(name);
    this.#entries.set(name, bytes);
    for (const [oldest, { length }] of this.#entries) {
      if (this.#size <= this.#capacity) break;
      this.#entries.delete(oldest);
      this.#size -= length;
    }
  }
}

/** Bits packed from the least significant one on. */
export class BitWriter {
  #bytes = new Uint8Array(4096);
  #size = 0;
  #bits = 0;
  #pending = 0; // at most 15 between calls

  /** Appends the `count` low bits of `value`, which has no others; at most 16. */
  write(value: number, count: number): void {
    this.#bits |= value << this.#pending;
    this.#pending += count;
    if (this.#pending >= 16) {
      this.#flushByte();
      this.#flushByte();
    }
  }

  /** Fills the last byte with zeros. */
  align(): void {
    while (this.#pending > 0) this.#flushByte();
    this.#pending = 0;
  }

  /** What was written so far. */
  finish(): Uint8Array<ArrayBuffer> {
    this.align();
    return this.#bytes.slice(0, this.#size);
  }

  #flushByte(): void {
    if (this.#size === this.#bytes.length) {
      const larger = new Uint8Array(2 * this.#size);
      larger.set(this.#bytes);
      this.#bytes = larger;
    }
    this.#bytes[this.#size++] = this.#bits & 255;
    this.#bits >>>= 8;
    this.#pending -= 8;
  }
}

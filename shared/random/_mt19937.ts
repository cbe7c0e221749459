const SIZE = 624;
const SHIFT = 397;

/** Mersenne Twister MT19937, Matsumoto and Nishimura (1998), seeded with init_genrand. */
export class Mt19937 {
  readonly #words = new Uint32Array(SIZE);
  #next = SIZE;

  /**
   * @param seed Integer, taken modulo 2³².
   */
  constructor(seed: number) {
    this.#words[0] = seed;
    for (let i = 1; i < SIZE; i++) {
      const previous = this.#words[i - 1]!;
      this.#words[i] = Math.imul(1812433253, previous ^ (previous >>> 30)) + i;
    }
  }

  /** The state: 624 words and the index of the next one. */
  get state(): { words: number[]; next: number } {
    return { words: [...this.#words], next: this.#next };
  }

  set state({ words, next }: { words: readonly number[]; next: number }) {
    if (words?.length !== SIZE || !(next >= 0 && next <= SIZE)) {
      throw new TypeError(
        `Cannot restore as 'state' must hold ${SIZE} words and the index of the next: current value is ${words?.length} words, ${next}`,
      );
    }
    this.#words.set(words);
    this.#next = next;
  }

  /** The next 32-bit unsigned integer. */
  next(): number {
    if (this.#next === SIZE) this.#twist();
    let word = this.#words[this.#next++]!;
    word ^= word >>> 11;
    word ^= (word << 7) & 0x9d2c5680;
    word ^= (word << 15) & 0xefc60000;
    return (word ^ (word >>> 18)) >>> 0;
  }

  #twist(): void {
    const words = this.#words;
    for (let i = 0; i < SIZE; i++) {
      const bits = (words[i]! & 0x80000000) |
        (words[(i + 1) % SIZE]! & 0x7fffffff);
      words[i] = words[(i + SHIFT) % SIZE]! ^ (bits >>> 1) ^
        (bits & 1 ? 0x9908b0df : 0);
    }
    this.#next = 0;
  }
}

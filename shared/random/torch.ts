import { Mt19937 } from "./_mt19937.ts";
import { normalBlock } from "./_torch_float32.ts";
import type { Floats, NoiseSource, NoiseState } from "./noise_source.ts";
import { type Seed, seedWords } from "./seed.ts";

const BLOCK = 16;

/** Where a torch source stands. */
export interface TorchState extends NoiseState {
  /** Always `"torch"`. */
  readonly kind: "torch";
  /** The 624 words of the Mersenne Twister. */
  readonly words: readonly number[];
  /** Index of its next word. */
  readonly next: number;
  /** Second number of a Box–Muller pair, kept for the next draw of fewer than 16 numbers. */
  readonly spare: number | null;
}

/** A source that draws the numbers of PyTorch's CPU generator. */
export interface TorchSource extends NoiseSource {
  /**
   * `torch.randn(out.length)`, of float32 or float64 as `out` is: the same bits as on x86 for 16 and more float32
   * numbers. Fewer than 16 numbers come from another algorithm, and the last block of a length that 16 does not divide
   * is drawn again, so n numbers and m numbers are not n + m numbers.
   */
  normal(out: Floats): void;
  /** `torch.rand(out.length)`, of float32 or float64 as `out` is: uniform in [0, 1). */
  uniform(out: Floats): void;
  /** `torch.randint(bound, …)`, 1 ≤ bound < 2³². */
  integers(out: Uint32Array, bound: number): void;
  /** Where the source stands. */
  state(): TorchState;
}

/**
 * The generator of `torch.manual_seed(seed)` on the CPU, so that seeds of Python programs draw the same pictures.
 *
 * @param seed Integer, of which torch takes the low 32 bits, negative ones in two's complement, or text.
 * @returns Source at its start.
 * @throws {RangeError} If the seed is not an integer in its range.
 */
export function torchNoise(seed: Seed): TorchSource {
  const negative = typeof seed !== "string" && seed < 0 &&
    Number(seed) >= -(2 ** 63);
  const [low] = seedWords(negative ? BigInt.asUintN(64, BigInt(seed)) : seed);
  return new Torch(new Mt19937(low), null);
}

/**
 * Makes a torch source again from its state.
 *
 * @param state What {@linkcode TorchSource.state} returned, maybe through JSON.
 * @returns Source in the same position.
 * @throws {TypeError} If the state is another source's or incomplete.
 */
export function restoreTorch(state: NoiseState): TorchSource {
  if (state.kind !== "torch") {
    throw new TypeError(
      `Cannot restore as 'state.kind' must be torch: current value is ${state.kind}`,
    );
  }
  const { words, next, spare } = state as TorchState;
  const twister = new Mt19937(0);
  twister.state = { words, next };
  return new Torch(twister, spare);
}

class Torch implements TorchSource {
  readonly #twister: Mt19937;
  #spare: number | null;

  constructor(twister: Mt19937, spare: number | null) {
    this.#twister = twister;
    this.#spare = spare;
  }

  normal(out: Floats): void {
    if (out.length < BLOCK) {
      for (let i = 0; i < out.length; i++) out[i] = this.#scalar();
      return;
    }
    this.uniform(out);
    const whole = out.length - out.length % BLOCK;
    for (let at = 0; at < whole; at += BLOCK) fillBlock(out, at);
    if (whole === out.length) return;
    const tail = out.subarray(out.length - BLOCK) as Floats;
    this.uniform(tail);
    fillBlock(tail, 0);
  }

  uniform(out: Floats): void {
    if (out instanceof Float32Array) {
      for (let i = 0; i < out.length; i++) {
        out[i] = (this.#twister.next() & 0xffffff) * 2 ** -24;
      }
    } else {
      for (let i = 0; i < out.length; i++) out[i] = this.#double();
    }
  }

  integers(out: Uint32Array, bound: number): void {
    if (!Number.isInteger(bound) || bound < 1 || bound >= 2 ** 32) {
      throw new RangeError(
        `Cannot draw as 'bound' must be an integer from 1 to 2^32 - 1: current value is ${bound}`,
      );
    }
    for (let i = 0; i < out.length; i++) out[i] = this.#twister.next() % bound;
  }

  state(): TorchState {
    return { kind: "torch", ...this.#twister.state, spare: this.#spare };
  }

  #double(): number {
    const high = this.#twister.next() & 0x1fffff;
    return (high * 2 ** 32 + this.#twister.next()) * 2 ** -53;
  }

  #scalar(): number {
    if (this.#spare !== null) {
      const spare = this.#spare;
      this.#spare = null;
      return spare;
    }
    const angle = 2 * Math.PI * this.#double();
    const radius = Math.sqrt(-2 * Math.log1p(-this.#double()));
    this.#spare = radius * Math.sin(angle);
    return radius * Math.cos(angle);
  }
}

/** Turns 16 uniform numbers into normal ones, in place. */
function fillBlock(x: Floats, at: number): void {
  if (x instanceof Float32Array) return normalBlock(x, at);
  for (let j = at; j < at + BLOCK / 2; j++) {
    const radius = Math.sqrt(-2 * Math.log(1 - x[j]!));
    const angle = 2 * Math.PI * x[j + 8]!;
    x[j] = radius * Math.cos(angle);
    x[j + 8] = radius * Math.sin(angle);
  }
}

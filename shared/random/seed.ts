const FNV_OFFSET = 0xcbf29ce484222325n;
const FNV_PRIME = 0x100000001b3n;

/**
 * What a source can be seeded with: an integer (number below 2⁵³ or bigint below 2⁶⁴; equal integers are equal seeds)
 * or any text.
 */
export type Seed = number | bigint | string;

/**
 * The seed that a text stands for: the 64-bit FNV-1a hash of its UTF-8 bytes, so one word always draws the same
 * picture.
 *
 * Text is taken as it is: `"42"`, `"42 "` and the number 42 are three seeds.
 *
 * @param text Any text.
 * @returns Integer in [0, 2⁶⁴).
 */
export function seedFromString(text: string): bigint {
  let hash = FNV_OFFSET;
  for (const byte of new TextEncoder().encode(text)) {
    hash = BigInt.asUintN(64, (hash ^ BigInt(byte)) * FNV_PRIME);
  }
  return hash;
}

/**
 * The two 32-bit words of a seed.
 *
 * @param seed Integer in [0, 2⁵³) as a number, in [0, 2⁶⁴) as a bigint, or text, which is hashed with {@linkcode
 * seedFromString}.
 * @returns Low word, high word.
 * @throws {RangeError} If the seed is not such an integer.
 */
export function seedWords(seed: Seed): [low: number, high: number] {
  const value = typeof seed === "string"
    ? seedFromString(seed)
    : integerSeed(seed);
  return [Number(value & 0xffffffffn), Number(value >> 32n)];
}

function integerSeed(seed: number | bigint): bigint {
  if (
    typeof seed === "number"
      ? !Number.isSafeInteger(seed) || seed < 0
      : seed < 0n || seed >= 1n << 64n
  ) {
    throw new RangeError(
      `Cannot seed as 'seed' must be an integer from 0 to 2^53 - 1, or a bigint below 2^64: current value is ${seed}`,
    );
  }
  return BigInt(seed);
}

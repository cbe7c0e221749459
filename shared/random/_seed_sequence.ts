/** Little-endian 32-bit words of an integer, at least one. */
function toWords(integer: bigint): number[] {
  const words = [];
  do {
    words.push(Number(integer & 0xffffffffn));
    integer >>= 32n;
  } while (integer > 0n);
  return words;
}

/** A hash whose multiplier changes with every call. */
function hasher(start: number, factor: number): (value: number) => number {
  let constant = start;
  return (value) => {
    const mixed = value ^ constant;
    constant = Math.imul(constant, factor);
    const product = Math.imul(mixed, constant);
    return product ^ (product >>> 16);
  };
}

function mix(x: number, y: number): number {
  const result = Math.imul(0xca01f9dd, x) - Math.imul(0x4973f715, y);
  return result ^ (result >>> 16);
}

/**
 * The words of `numpy.random.SeedSequence(entropy, spawn_key=…, pool_size=…).generate_state(n)`: the entropy hash of
 * O'Neill's randutils.
 *
 * @param entropy The seed.
 * @param spawnKey Path of the child.
 * @param poolSize Words of the pool.
 * @param n How many words.
 */
export function seedSequence(
  entropy: bigint,
  spawnKey: readonly bigint[],
  poolSize: number,
  n: number,
): Uint32Array {
  const run = toWords(entropy);
  const spawn = spawnKey.flatMap(toWords);
  while (spawn.length > 0 && run.length < poolSize) run.push(0);
  const words = [...run, ...spawn];
  const hash = hasher(0x43b0d7e5, 0x931e8875);
  const pool = Int32Array.from(
    { length: poolSize },
    (_, i) => hash(words[i] ?? 0),
  );
  for (let source = 0; source < poolSize; source++) {
    for (let i = 0; i < poolSize; i++) {
      if (i !== source) pool[i] = mix(pool[i]!, hash(pool[source]!));
    }
  }
  for (const word of words.slice(poolSize)) {
    for (let i = 0; i < poolSize; i++) pool[i] = mix(pool[i]!, hash(word));
  }
  const output = hasher(0x8b51f9dd, 0x58f38ded);
  return Uint32Array.from({ length: n }, (_, i) => output(pool[i % poolSize]!));
}

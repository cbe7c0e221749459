/** Words of a barrier: how many wait, how often all have come, whether it is closed. */
const WAITING = 0;
const TURN = 1;
const CLOSED = 2;

/** How many they are. */
export const BARRIER_WORDS = 3;

/**
 * Blocks each of `workers` threads until all have called.
 *
 * @param words {@linkcode BARRIER_WORDS} shared integers that start at 0.
 * @throws {Error} If it is closed, before or meanwhile.
 */
export function barrier(words: Int32Array, workers: number): void {
  if (workers === 1) return;
  const turn = Atomics.load(words, TURN);
  if (Atomics.add(words, WAITING, 1) === workers - 1) {
    Atomics.store(words, WAITING, 0);
    wake(words);
  } else {
    while (Atomics.load(words, TURN) === turn) Atomics.wait(words, TURN, turn);
  }
  if (Atomics.load(words, CLOSED) === 1) {
    throw new Error("Cannot go on as another worker has ended");
  }
}

/** Frees who waits, for good: a thread that waits does not end when it is terminated. */
export function closeBarrier(words: Int32Array): void {
  Atomics.store(words, CLOSED, 1);
  wake(words);
}

function wake(words: Int32Array): void {
  Atomics.add(words, TURN, 1);
  Atomics.notify(words, TURN);
}

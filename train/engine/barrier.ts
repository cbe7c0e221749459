/** Blocks each of `workers` threads until all have called; `words` are two shared integers that start at 0. */
export function barrier(words: Int32Array, workers: number): void {
  if (workers === 1) return;
  const turn = Atomics.load(words, 1);
  if (Atomics.add(words, 0, 1) === workers - 1) {
    Atomics.store(words, 0, 0);
    Atomics.add(words, 1, 1);
    Atomics.notify(words, 1);
    return;
  }
  while (Atomics.load(words, 1) === turn) Atomics.wait(words, 1, turn);
}

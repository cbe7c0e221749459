/** Work under way, so that equal requests share one run. */
export class Flights<T> {
  readonly #flights = new Map<string, Flight<T>>();

  /** Runs under way. */
  get size(): number {
    return this.#flights.size;
  }

  /**
   * Joins the run called `name`, or starts it. The run is aborted when nobody waits for it any more.
   *
   * @param name Equal for equal runs.
   * @param start Starts the run.
   * @param signal Aborted when this caller does not wait any more.
   */
  async join(
    name: string,
    start: (signal: AbortSignal) => Promise<T>,
    signal?: AbortSignal,
  ): Promise<T> {
    signal?.throwIfAborted();
    let flight = this.#flights.get(name);
    if (flight === undefined) {
      const controller = new AbortController();
      const result = start(controller.signal)
        .finally(() => {
          started.over = true;
          this.#forget(name, started);
        });
      const started: Flight<T> = {
        result,
        controller,
        waiting: 0,
        over: false,
      };
      result.catch(() => {}); // everybody may have left
      this.#flights.set(name, started);
      flight = started;
    }
    const joined = flight;
    joined.waiting++;
    const left = Promise.withResolvers<never>();
    const leave = () => left.reject(signal?.reason);
    signal?.addEventListener("abort", leave);
    try {
      return await Promise.race([joined.result, left.promise]);
    } finally {
      signal?.removeEventListener("abort", leave);
      joined.waiting--;
      if (joined.waiting === 0) {
        this.#forget(name, joined);
        if (!joined.over) joined.controller.abort(signal?.reason);
      }
    }
  }

  /** A new caller must not join a run that is over or aborted. */
  #forget(name: string, flight: Flight<T>): void {
    if (this.#flights.get(name) === flight) this.#flights.delete(name);
  }
}

interface Flight<T> {
  readonly result: Promise<T>;
  readonly controller: AbortController;
  waiting: number;
  over: boolean;
}

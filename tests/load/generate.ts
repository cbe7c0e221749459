import { Connection } from "./connection.ts";

/** A request to send. */
export interface LoadRequest {
  /** Its bytes. */
  readonly bytes: Uint8Array;
  /** Whether its answer has no content whatever its headers say. */
  readonly bodiless?: boolean;
}

/** Options for {@linkcode generateLoad}. */
export interface LoadOptions {
  /** Where to send requests. */
  url: string;
  /** Connections, each with one request on its way. */
  connections: number;
  /** How long, in seconds; requests on their way then are waited for. */
  seconds: number;
  /** The next request; the count starts at 0. */
  next: (count: number) => LoadRequest;
  /**
   * Milliseconds that a connection rests after an answer.
   * @default {0}
   */
  restMs?: number;
  /**
   * Milliseconds after which an answer counts as lost.
   * @default {60000}
   */
  lostMs?: number;
}

/** What came of a load. */
export interface LoadResult {
  /** Milliseconds to each answer, in ascending order, by HTTP status. */
  readonly times: ReadonlyMap<number, readonly number[]>;
  /** Connections that ended before their answer, or could not be made. */
  readonly broken: number;
  /** Requests without an answer in time. */
  readonly lost: number;
  /** Answers a second. */
  readonly rate: number;
}

/** Sends requests over kept-alive connections, each as soon as the last one's answer is there. */
export async function generateLoad(
  { url, connections, seconds, next, restMs = 0, lostMs = 60_000 }: LoadOptions,
): Promise<LoadResult> {
  const times = new Map<number, number[]>();
  let broken = 0;
  let lost = 0;
  let count = 0;
  const started = performance.now();
  const end = started + 1000 * seconds;

  /** Each client's connection, and when it sent its request. */
  const waiting = new Map<number, { connection: Connection; since: number }>();

  async function client(id: number): Promise<void> {
    let connection: Connection | undefined;
    while (performance.now() < end) {
      const since = performance.now();
      try {
        connection ??= await Connection.open(url);
        waiting.set(id, { connection, since });
        const { bytes, bodiless } = next(count++);
        const { status } = await connection.send(bytes, bodiless);
        const ms = performance.now() - since;
        const list = times.get(status);
        if (list === undefined) times.set(status, [ms]);
        else list.push(ms);
      } catch {
        if (connection !== undefined && !waiting.has(id)) lost++;
        else {
          broken++;
          connection?.close();
        }
        connection = undefined;
        await rest(10);
      }
      waiting.delete(id);
      if (restMs > 0) await rest(restMs);
    }
    connection?.close();
  }

  /** Hangs up on answers that do not come. */
  const watch = setInterval(() => {
    for (const [id, { connection, since }] of waiting) {
      if (performance.now() - since <= lostMs) continue;
      waiting.delete(id);
      connection.close();
    }
  }, 100);
  await Promise.all(
    Array.from({ length: connections }, (_, id) => client(id)),
  );
  clearInterval(watch);
  const spent = (performance.now() - started) / 1000;
  let answers = 0;
  for (const list of times.values()) {
    list.sort((a, b) => a - b);
    answers += list.length;
  }
  return { times, broken, lost, rate: answers / spent };
}

/** A quantile of numbers in ascending order; NaN where there are none. */
export function quantile(sorted: readonly number[], part: number): number {
  return sorted[
    Math.min(sorted.length - 1, Math.floor(part * sorted.length))
  ] ??
    NaN;
}

function rest(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}

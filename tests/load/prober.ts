/**
 * A thread that asks for one URL at regular times, as a load balancer does: its name is the URL. It reports milliseconds to
 * each answer, and its status, when it gets a message.
 *
 * @module
 */

/// <reference lib="deno.worker" />

import { Connection, requestBytes } from "./connection.ts";

/** One answer. */
export interface Probe {
  /** Milliseconds since the thread started. */
  readonly at: number;
  /** Milliseconds to the answer. */
  readonly ms: number;
  /** HTTP status; 0 where there was no answer. */
  readonly status: number;
}

const PERIOD_MS = 50;

const probes: Probe[] = [];
let stopped = false;
self.onmessage = () => {
  stopped = true;
  self.postMessage(probes);
};

const bytes = requestBytes(self.name);
let connection: Connection | undefined;
while (!stopped) {
  const at = performance.now();
  try {
    connection ??= await Connection.open(self.name);
    const { status } = await connection.send(bytes);
    probes.push({ at, ms: performance.now() - at, status });
  } catch {
    connection = undefined;
    probes.push({ at, ms: performance.now() - at, status: 0 });
  }
  const left = PERIOD_MS - (performance.now() - at);
  await new Promise((resolve) => setTimeout(resolve, Math.max(1, left)));
}
self.close();

/**
 * More requests than a server can draw, and what becomes of them: `deno task load --help`.
 *
 * @module
 */

import { setPriority } from "node:os";
import { runProgram } from "../../train/options.ts";
import { startServer } from "../edge/server_process.ts";
import { requestBytes } from "./connection.ts";
import { generateLoad, quantile } from "./generate.ts";
import { clientsOption, mib, SERVER_OPTIONS } from "./options.ts";
import type { Probe } from "./prober.ts";

const OPTIONS = {
  ...SERVER_OPTIONS,
  clients: clientsOption(200),
  seconds: { type: "number", default: 60, min: 1, help: "how long" },
  steps: {
    type: "number",
    default: 10,
    integer: true,
    min: 1,
    help: "steps of a picture",
  },
  rest: {
    type: "number",
    default: 0,
    min: 0,
    help: "milliseconds that a client rests after an answer",
  },
  deadline: {
    type: "number",
    default: 30,
    integer: true,
    min: 1,
    help: "seconds after which the server gives a request up",
  },
  "health-ms": {
    type: "number",
    default: 50,
    min: 0,
    help: "most milliseconds for 99 of 100 answers of /healthz",
  },
} as const;

if (import.meta.main) {
  await runProgram(
    "Sends more requests than a server can draw, all for different pictures.",
    OPTIONS,
    async (options) => {
      const { models, clients, seconds, steps, rest, deadline } = options;
      await using server = await startServer({
        modelsDir: models,
        variables: { DEADLINE_S: String(deadline) },
      });
      const { url } = server;
      while (!(await fetch(`${url}/readyz`).then((ready) => ready.ok))) {
        await new Promise((resolve) => setTimeout(resolve, 50));
      }
      const prober = new Worker(new URL("prober.ts", import.meta.url), {
        type: "module",
        name: `${url}/healthz`,
      });
      setPriority(0, 10); // clients usually have machines of their own; on Linux 0 is this thread
      const memory = [await server.memory()];
      const sampler = setInterval(
        async () => memory.push(await server.memory()),
        1000,
      );
      const { times, broken, lost } = await generateLoad({
        url,
        connections: clients,
        seconds,
        restMs: rest,
        lostMs: 1000 * deadline + 10_000,
        next: (count) => ({
          bytes: requestBytes(`${url}/emoji?steps=${steps}&seed=${count}`),
        }),
      });
      clearInterval(sampler);
      const probes = await new Promise<Probe[]>((resolve) => {
        prober.onmessage = ({ data }) => resolve(data);
        prober.postMessage("stop");
      });
      const alive = await fetch(`${url}/healthz`).then((alive) => alive.text());

      for (const [status, list] of [...times].sort(([a], [b]) => a - b)) {
        console.log(
          `${status}: ${list.length} answers, ${distribution(list)}`,
        );
      }
      const health = probes.map(({ ms }) => ms).sort((a, b) => a - b);
      console.log(`/healthz: ${health.length}, ${distribution(health)}`);
      const third = Math.floor(memory.length / 3);
      const middle = Math.max(...memory.slice(third, 2 * third));
      const last = Math.max(...memory.slice(2 * third));
      console.log(
        `memory: ${mib(memory[0]!)} MiB at the start, at most ${
          mib(middle)
        } in the second third, ${mib(last)} in the last`,
      );
      const statuses = [...times.keys()];
      report(alive === "ok" && broken === 0, "no crash, nothing hung up on");
      report(lost === 0, "every request answered");
      report(
        statuses.every((status) => [200, 429, 503, 504].includes(status)),
        "drawn, refused or given up, nothing else",
      );
      report(
        quantile(times.get(200) ?? [], 0.99) <= 1000 * deadline,
        "99 of 100 pictures within the deadline",
      );
      report(
        probes.every(({ status }) => status === 200) &&
          quantile(health, 0.99) <= options["health-ms"],
        `99 of 100 answers of /healthz within ${options["health-ms"]} ms`,
      );
      report(last <= 1.1 * middle, "memory flat");
    },
  );
}

function distribution(sorted: readonly number[]): string {
  const [median, p99] = [quantile(sorted, 0.5), quantile(sorted, 0.99)];
  return `median ${median.toFixed(1)} ms, p99 ${p99.toFixed(1)} ms, most ${
    sorted.at(-1)?.toFixed(1)
  } ms`;
}

function report(good: boolean, claim: string): void {
  console.log(`${good ? "ok" : "MISSED"}: ${claim}`);
  if (!good) Deno.exitCode = 1;
}

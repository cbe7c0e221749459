/**
 * Requests a second against a bare `Deno.serve` that returns the same bytes: kept pictures, 304, HEAD. And uncached, two
 * workers against one: `deno run -A tests/bench/edge_throughput.ts --help`.
 *
 * The generator of load shares the machine, and may be what is slow. So the processor time that the servers spend on an
 * answer is compared, too.
 *
 * @module
 */

import { readFile } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import { runProgram } from "../../train/options.ts";
import { type ServerProcess, startServer } from "../edge/server_process.ts";
import { requestBytes } from "../load/connection.ts";
import { generateLoad } from "../load/generate.ts";

const OPTIONS = {
  models: {
    type: "string",
    default: fileURLToPath(new URL("../../models", import.meta.url)),
    help: "folder of the models",
  },
  connections: {
    type: "number",
    default: 16,
    integer: true,
    min: 1,
    help: "clients, each with one request on its way",
  },
  turns: {
    type: "number",
    default: 5,
    integer: true,
    min: 1,
    help: "turns of each server, one after the other",
  },
  seconds: { type: "number", default: 2, min: 0.1, help: "length of a turn" },
} as const;

/** Least share of the bare server's rate. */
const BAR = 0.6;
/** Least gain by a second worker. */
const WORKERS_BAR = 1.8;

/** Seconds of processor time that a process has spent (Linux). */
async function processorTime({ child }: ServerProcess): Promise<number> {
  const stat = await readFile(`/proc/${child.pid}/stat`, "utf8");
  const fields = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
  return (Number(fields[11]) + Number(fields[12])) / 100; // user and system, in hundredths
}

/** A server without anything, that answers with given bytes. */
async function startBare(bytes: Uint8Array): Promise<ServerProcess> {
  const file = await Deno.makeTempFile({ suffix: ".ts" });
  await Deno.writeTextFile(
    file,
    `const bytes = new Uint8Array([${bytes}]);
     Deno.serve({ port: 0, onListen: ({ port }) => console.log("http://localhost:" + port) }, () => new Response(bytes));`,
  );
  return await startServer({
    modelsDir: "models",
    wrapper: [Deno.execPath(), "run", "--allow-net", file],
  });
}

function median(values: readonly number[]): number {
  return [...values].sort((a, b) => a - b)[values.length >> 1]!;
}

function report(line: string, good: boolean): void {
  console.log(`${line}${good ? "" : " MISSED"}`);
  if (!good) Deno.exitCode = 1;
}

if (import.meta.main) {
  await runProgram(
    "Measures the throughput of the server.",
    OPTIONS,
    async ({ models, connections, turns, seconds }) => {
      {
        await using own = await startServer({ modelsDir: models });
        const path = "/emoji?seed=1&steps=4";
        const response = await fetch(own.url + path);
        const etag = response.headers.get("etag")!;
        await using bare = await startBare(await response.bytes());
        const kinds = {
          cached: {},
          "304": { headers: { "if-none-match": etag } },
          HEAD: { method: "HEAD" },
        };
        for (const [kind, init] of Object.entries(kinds)) {
          const rates: number[][] = [[], []];
          const costs: number[][] = [[], []];
          for (let turn = -1; turn < turns; turn++) {
            for (const [k, server] of [own, bare].entries()) {
              const request = {
                bytes: requestBytes(server.url + path, init),
                bodiless: kind === "HEAD",
              };
              const before = await processorTime(server);
              const { rate, times } = await generateLoad({
                url: server.url,
                connections,
                seconds,
                next: () => request,
              });
              if (turn < 0) continue; // to warm up
              const spent = await processorTime(server) - before;
              const answers = [...times.values()].flat().length;
              rates[k]!.push(rate);
              costs[k]!.push(1e6 * spent / answers);
            }
          }
          const [rate, bareRate] = rates.map(median) as [number, number];
          const [cost, bareCost] = costs.map(median) as [number, number];
          report(
            `${kind}: ${rate.toFixed(0)}/s, bare ${
              bareRate.toFixed(0)
            }/s, ratio ${(rate / bareRate).toFixed(2)}; processor ${
              cost.toFixed(0)
            } µs, bare ${bareCost.toFixed(0)} µs, ratio ${
              (bareCost / cost).toFixed(2)
            }`,
            rate / bareRate >= BAR,
          );
        }
      }
      const rates: number[] = [];
      for (const workers of ["1", "2"]) {
        await using server = await startServer({
          modelsDir: models,
          variables: { WORKERS: workers, CACHE_MB: "0" },
        });
        let count = 0;
        const draw = async (seconds: number) =>
          (await generateLoad({
            url: server.url,
            connections: 4,
            seconds,
            next: () => ({
              bytes: requestBytes(
                `${server.url}/emoji?steps=4&seed=${count++}`,
              ),
            }),
          })).rate;
        await draw(2);
        rates.push(await draw(2 * seconds));
      }
      const [one, two] = rates as [number, number];
      report(
        `uncached, 4 steps: ${one.toFixed(1)}/s with 1 worker, ${
          two.toFixed(1)
        }/s with 2, ratio ${(two / one).toFixed(2)}`,
        two / one >= WORKERS_BAR,
      );
    },
  );
}

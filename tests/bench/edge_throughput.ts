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
import { requestBytes, type RequestOptions } from "../load/connection.ts";
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

/** An answer to be given by a server that does nothing else. */
interface Answer {
  status: number;
  headers: [string, string][];
  bytes: number[] | null;
}

/** A server without anything: `/plain` answers with bytes alone, other paths with whole answers. */
async function startBare(
  bytes: Uint8Array,
  answers: Record<string, Answer>,
): Promise<ServerProcess> {
  const file = await Deno.makeTempFile({ suffix: ".ts" });
  await Deno.writeTextFile(
    file,
    `const bytes = new Uint8Array([${bytes}]);
     const answers = ${JSON.stringify(answers)};
     for (const answer of Object.values(answers)) {
       answer.headers = new Headers(answer.headers);
       answer.body = answer.bytes && new Uint8Array(answer.bytes);
     }
     Deno.serve({ port: 0, onListen: ({ port }) => console.log("http://localhost:" + port) }, ({ url }) => {
       const answer = answers[url.slice(url.lastIndexOf("/") + 1)];
       return answer ? new Response(answer.body, answer) : new Response(bytes);
     });`,
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
        const picture = await fetch(own.url + path);
        const etag = picture.headers.get("etag")!;
        const bytes = await picture.bytes();
        const kinds: Record<string, RequestOptions> = {
          cached: {},
          "304": { headers: { "if-none-match": etag } },
          HEAD: { method: "HEAD" },
        };
        const answers: Record<string, Answer> = {};
        for (const [kind, init] of Object.entries(kinds)) {
          const { status, headers, body } = await fetch(own.url + path, init);
          await body?.cancel();
          answers[kind] = {
            status,
            headers: [...headers].filter(([name]) => name !== "date"),
            bytes: kind === "cached" ? [...bytes] : null,
          };
        }
        await using bare = await startBare(bytes, answers);
        for (const [kind, init] of Object.entries(kinds)) {
          const urls = [
            own.url + path,
            `${bare.url}/plain`,
            `${bare.url}/${kind}`,
          ];
          const rates = urls.map(() => [] as number[]);
          const costs = urls.map(() => [] as number[]);
          for (let turn = -1; turn < turns; turn++) {
            for (const [k, url] of urls.entries()) {
              const request = {
                bytes: requestBytes(url, init),
                bodiless: kind === "HEAD",
              };
              const server = k === 0 ? own : bare;
              const before = await processorTime(server);
              const { rate, times } = await generateLoad({
                url,
                connections,
                seconds,
                next: () => request,
              });
              if (turn < 0) continue; // to warm up
              const spent = await processorTime(server) - before;
              rates[k]!.push(rate);
              costs[k]!.push(1e6 * spent / [...times.values()].flat().length);
            }
          }
          const [rate, plain, same] = rates.map(median) as [
            number,
            number,
            number,
          ];
          const [cost, plainCost, sameCost] = costs.map(median) as [
            number,
            number,
            number,
          ];
          report(
            `${kind}: ${rate.toFixed(0)}/s of ${
              cost.toFixed(0)
            } µs processor time; ` +
              `bare with the same bytes and headers ${same.toFixed(0)}/s of ${
                sameCost.toFixed(0)
              } µs, ratios ${(rate / same).toFixed(2)} and ${
                (sameCost / cost).toFixed(2)
              }; bare with neither headers nor status ${
                plain.toFixed(0)
              }/s of ${plainCost.toFixed(0)} µs, ratios ${
                (rate / plain).toFixed(2)
              } and ${(plainCost / cost).toFixed(2)}`,
            rate / same >= BAR,
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

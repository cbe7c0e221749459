/**
 * Requests of all kinds for a long time, and what they do to a server's memory: `deno task soak --help`.
 *
 * @module
 */

import { runProgram } from "../../train/options.ts";
import { startServer } from "../edge/server_process.ts";
import { requestBytes } from "./connection.ts";
import { generateLoad, type LoadRequest, quantile } from "./generate.ts";
import { clientsOption, mib, SERVER_OPTIONS } from "./options.ts";

const OPTIONS = {
  ...SERVER_OPTIONS,
  clients: clientsOption(8),
  minutes: { type: "number", default: 30, min: 0.1, help: "how long" },
  growth: {
    type: "number",
    default: 10,
    min: 0,
    help: "most per cent by which memory may grow in the second half",
  },
} as const;

/** One request of each kind, in turn; what changes from round to round is its number. */
const KINDS: readonly ((round: number) => string)[] = [
  (round) => `/emoji?seed=${round}`,
  (round) => `/emoji?seed=${round - 1}`, // a kept one
  (round) => `/emoji.webp?seed=${round}&size=512`,
  (round) => `/emoji.gif?seed=${round}&steps=8&size=64`,
  (round) => `/emoji.apng?seed=${round}&to=${round + 1}&steps=2`,
  (round) => `/emoji.svg?prompt=red+heart&seed=${round}`,
  (round) => `/emoji.json?n=4&seed=${round}`,
  (round) => `/emoji/stream?steps=5&seed=${round}`,
  (round) => `/s/noto/${round}.png`,
  (round) => `/emoji?steps=-1&unknown=${"x".repeat(round % 2000)}`,
  (round) => `/${round}`,
  () => "/emoji", // never kept
  () => "/openapi.json",
  () => "/metrics",
];

if (import.meta.main) {
  await runProgram(
    "Sends requests of all kinds for a long time.",
    OPTIONS,
    async ({ models, clients, minutes, growth }) => {
      await using server = await startServer({
        modelsDir: models,
        variables: { DEADLINE_S: "600" }, // however busy the machine is
      });
      const { url } = server;
      const seconds = 60 * minutes;
      const memory: number[] = [];
      const sampler = setInterval(async () => {
        memory.push(await server.memory());
        if (memory.length % 60 === 0) {
          console.log(`${memory.length} s: ${mib(memory.at(-1)!)} MiB`);
        }
      }, 1000);
      const { times, broken, lost } = await generateLoad({
        url,
        connections: clients,
        seconds,
        lostMs: 600_000,
        next: (count) => request(url, count),
      });
      clearInterval(sampler);
      for (const [status, list] of [...times].sort(([a], [b]) => a - b)) {
        console.log(
          `${status}: ${list.length} answers, median ${
            quantile(list, 0.5).toFixed(1)
          } ms, p99 ${quantile(list, 0.99).toFixed(1)} ms`,
        );
      }
      // What it needs at most comes early; what leaks grows for ever.
      const [first, second] = [0, 1].map((half) => {
        const middle = memory.length >> 1;
        return Math.max(
          ...(half ? memory.slice(middle) : memory.slice(0, middle)),
        );
      }) as [number, number];
      console.log(
        `memory: at most ${mib(first)} MiB in the first half, ${
          mib(second)
        } in the second`,
      );
      const wrong = [...times.keys()].filter((status) =>
        ![200, 400, 404].includes(status)
      );
      if (broken + lost > 0 || wrong.length > 0) {
        throw new Error(
          `Cannot pass as every request must have its answer: ${broken} were hung up on, ${lost} were lost, statuses ${wrong}`,
        );
      }
      if (second > (1 + growth / 100) * first) {
        throw new Error(
          `Cannot pass as memory must grow at most ${growth} %: current value is ${
            (100 * (second / first - 1)).toFixed(0)
          } %`,
        );
      }
    },
  );
}

function request(url: string, count: number): LoadRequest {
  const kind = KINDS[count % KINDS.length]!;
  const path = kind(Math.floor(count / KINDS.length));
  return { bytes: requestBytes(url + path) };
}

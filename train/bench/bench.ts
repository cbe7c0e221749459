/**
 * How fast a training step is on every backend of this machine, as a table.
 *
 * @module
 */

import {
  type BackendName,
  BACKENDS,
  defaultWorkers,
  type Precision,
} from "../backend.ts";
import type { RunConfig } from "../config.ts";
import type { BenchResult, BenchSetup } from "./setup.ts";

/** Longest that one measurement may take. */
const LIMIT_SECONDS = 180;

/** What to measure; what is left out is measured in all forms. */
export interface BenchOptions {
  /** The run. */
  config: RunConfig;
  /** Folder of its data set. */
  data: string;
  /**
   * The backend.
   * @default {all}
   */
  backend?: BackendName | undefined;
  /**
   * Type in which pictures travel through the network.
   * @default {all that the backend has}
   */
  precision?: Precision | undefined;
  /**
   * Most worker threads.
   * @default {one a core}
   */
  workers?: number | undefined;
  /** Where to print lines. */
  print: (line: string) => void;
}

const PRECISIONS: Readonly<Record<BackendName, readonly Precision[]>> = {
  native: ["float32", "bfloat16"],
  webgpu: ["float32"],
  wasm: ["float32"],
};

const COLUMNS = [
  "backend",
  "precision",
  "workers",
  "images/s",
  "GFLOPS",
  "memory",
];
const WIDTHS = [9, 10, 9, 10, 8, 9];

function row(cells: readonly string[]): string {
  const padded = cells.map((cell, i) =>
    i < 2 ? cell.padEnd(WIDTHS[i]!) : cell.padStart(WIDTHS[i]!)
  );
  return padded.join("").trimEnd();
}

/** Measures one setup after the other, each in a process of its own, and prints a row each. */
export async function bench(options: BenchOptions): Promise<void> {
  const { config, data, print } = options;
  const descriptions = new Set<string>();
  print(row(COLUMNS));
  for (const backend of options.backend ? [options.backend] : BACKENDS) {
    const precisions = PRECISIONS[backend].filter((precision) =>
      precision === (options.precision ?? precision)
    );
    if (precisions.length === 0) {
      print(`${backend.padEnd(WIDTHS[0]!)}has no ${options.precision}`);
    }
    const most = options.workers ?? defaultWorkers(backend, config);
    measured: for (const precision of precisions) {
      for (const workers of new Set([1, most])) {
        const setup = { config, data, backend, precision, workers };
        const result = await measureApart(setup);
        if ("error" in result) {
          print(`${backend.padEnd(WIDTHS[0]!)}${oneLine(result.error)}`);
          break measured;
        }
        descriptions.add(result.description.replace(/, (b?float\d+),/, ","));
        print(row([
          backend,
          precision,
          String(workers),
          result.imagesPerSecond.toPrecision(3),
          result.gflops.toPrecision(3),
          `${(result.memory / 1e9).toFixed(2)} GB`,
        ]));
      }
    }
  }
  for (const description of descriptions) print(description);
}

function oneLine(text: string): string {
  return text.replaceAll(/\s+/g, " ").trim();
}

async function measureApart(setup: BenchSetup): Promise<BenchResult> {
  const program = new URL("./measure.ts", import.meta.url).href;
  const child = new Deno.Command("deno", {
    args: [
      ...["run", "--no-prompt", "--allow-read", "--allow-env", "--allow-sys"],
      ...["--allow-ffi", "--allow-run=python3,python", program],
    ],
    stdin: "piped",
    stdout: "piped",
    stderr: "null",
  }).spawn();
  const timer = setTimeout(() => child.kill("SIGKILL"), LIMIT_SECONDS * 1000);
  const writer = child.stdin.getWriter();
  await writer.write(new TextEncoder().encode(JSON.stringify(setup)));
  await writer.close();
  const { stdout, signal } = await child.output();
  clearTimeout(timer);
  if (signal) {
    const reason = signal === "SIGKILL"
      ? `took longer than ${LIMIT_SECONDS} s`
      : `ended by ${signal}`;
    return { error: `no figure as the measurement ${reason}` };
  }
  const lines = new TextDecoder().decode(stdout).trim().split("\n");
  return JSON.parse(lines.at(-1)!);
}

/**
 * Milliseconds from nothing to the first picture, and what they are spent on: `deno run -A tests/bench/cold_start.ts`.
 *
 * @module
 */

import { Miniflare } from "miniflare";
import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { stopBundler } from "../../edge/build/bundle.ts";
import { buildWorkers } from "../../edge/build/workers.ts";

const ROOT = fileURLToPath(new URL("../../", import.meta.url));
const RUNS = 5;
const PATH = "/emoji?seed=42&steps=4";

/** Milliseconds by part. */
type Parts = Record<string, number>;

/** The parts of a start of `deno run edge/hosts/deno.ts`. */
async function deno(): Promise<Parts> {
  const started = performance.now();
  const child = new Deno.Command(Deno.execPath(), {
    args: ["run", "--allow-all", join(ROOT, "edge/hosts/deno.ts")],
    env: { PORT: "0", WORKERS: "0" },
    stdout: "piped",
    stderr: "null",
  }).spawn();
  const reader = child.stdout.pipeThrough(new TextDecoderStream()).getReader();
  const { value = "" } = await reader.read();
  const listening = performance.now();
  const port = /:(\d+)/.exec(value)![1];
  const response = await fetch(`http://localhost:${port}${PATH}`);
  await response.bytes();
  const drawn = performance.now();
  await reader.cancel();
  child.kill("SIGKILL");
  await child.status;
  return {
    "process and modules": listening - started,
    "model and first picture": drawn - listening,
    total: drawn - started,
  };
}

/** The parts of a start of the built Worker. */
async function worker(outdir: string): Promise<Parts> {
  const models = await Array.fromAsync(Deno.readDir(outdir));
  const file = async (type: "CompiledWasm" | "Data", name: string) => {
    const path = join(outdir, name);
    return { type, path, contents: await readFile(path) };
  };
  const modules = await Promise.all(
    models.map(({ name }) => name).filter((name) => name !== "worker.js").map(
      async (name) =>
        name.endsWith(".json")
          ? {
            type: "Text" as const,
            path: join(outdir, name),
            contents: await readFile(join(outdir, name), "utf8"),
          }
          : await file(name.endsWith(".wasm") ? "CompiledWasm" : "Data", name),
    ),
  );
  const started = performance.now();
  const server = new Miniflare({
    compatibilityDate: "2026-07-01",
    modulesRoot: outdir,
    modules: [
      { type: "ESModule", path: join(outdir, "worker.js") },
      ...modules,
    ],
  });
  const url = await server.ready;
  const listening = performance.now();
  const response = await fetch(new URL(PATH, url));
  await response.bytes();
  const drawn = performance.now();
  await server.dispose();
  return {
    "miniflare and workerd": listening - started,
    "model and first picture": drawn - listening,
  };
}

/** Prints the least and the median of each part. */
async function report(name: string, run: () => Promise<Parts>): Promise<void> {
  const runs: Parts[] = [];
  for (let k = 0; k < RUNS; k++) runs.push(await run());
  for (const part of Object.keys(runs[0]!)) {
    const times = runs.map((parts) => parts[part]!).sort((a, b) => a - b);
    const [least, median] = [times[0]!, times[RUNS >> 1]!].map(Math.round);
    console.log(`${name}: ${part}: least ${least} ms, median ${median} ms`);
  }
}

if (import.meta.main) {
  const outdir = await mkdtemp(join(tmpdir(), "cold-"));
  await buildWorkers({ outdir, modelsDir: join(ROOT, "models") });
  await stopBundler();
  await report("deno", deno);
  await report("workerd", () => worker(outdir));
  await rm(outdir, { recursive: true });
  Deno.exit(0);
}

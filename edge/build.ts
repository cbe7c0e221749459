/**
 * Builds what runs elsewhere than in Deno: `deno task build [--if-changed] [site|workers|node]…`, all of it by default.
 * With `--if-changed` nothing is done where the site is newer than its sources.
 *
 * @module
 */

import { ROOT, stopBundler } from "./build/bundle.ts";
import { buildNode } from "./build/node.ts";
import { isCurrent } from "./build/is_current.ts";
import { buildSite } from "./build/site.ts";
import { buildWorkers } from "./build/workers.ts";

const DIST = `${ROOT}dist`;
const HOST = { modelsDir: `${ROOT}models` };

const SOURCES = [`${ROOT}edge`, `${ROOT}shared`];

const PARTS: Readonly<Record<string, () => Promise<void>>> = {
  site: () => buildSite(`${DIST}/site`),
  workers: () => buildWorkers({ ...HOST, outdir: `${DIST}/workers` }),
  node: () => buildNode({ ...HOST, outdir: `${DIST}/node` }),
};

/** Builds the parts that are named. */
async function main(names: readonly string[]): Promise<void> {
  for (const name of names) {
    if (name === "--if-changed") {
      if (await isCurrent(`${DIST}/site/_headers`, SOURCES)) return;
      continue;
    }
    const part = PARTS[name];
    if (part === undefined) {
      throw new RangeError(
        `Cannot build as parts must be some of ${
          Object.keys(PARTS).join(", ")
        }: current value is ${name}`,
      );
    }
    const started = performance.now();
    await part();
    const ms = Math.round(performance.now() - started);
    console.log(`Built dist/${name} in ${ms} ms`);
  }
}

if (import.meta.main) {
  try {
    await main(Deno.args.length > 0 ? Deno.args : Object.keys(PARTS));
  } catch (error) {
    console.error((error as Error).message);
    Deno.exitCode = 1;
  } finally {
    await stopBundler();
  }
}

/**
 * Time of a request beyond the network's own, over HTTP on this machine, drawn anew each time:
 * `deno run --allow-net --allow-read tests/bench/edge_overhead.ts [models]`; the model is emoji-32.
 *
 * @module
 */

import { createApp } from "../../edge/app.ts";
import { wasmEngine } from "../../edge/engines/wasm.ts";
import { localRenderer } from "../../edge/render/local_renderer.ts";
import { readModelFolders } from "../../edge/models/model_folder.ts";

/** Many, since engines go on optimising for the first hundred. */
const REQUESTS = 300;

const folders = await readModelFolders(Deno.args[0] ?? "models", "emoji-32");
const [{ config, configText, readOnnx }] = folders as [typeof folders[0]];
let spent = 0;
const engine = await wasmEngine(config, await readOnnx());
const renderer = localRenderer(() =>
  Promise.resolve([{
    config,
    engine: {
      ...engine,
      async network(...args) {
        const started = performance.now();
        const output = await engine.network(...args);
        spent += performance.now() - started;
        return output;
      },
    },
  }])
);
const app = createApp({
  models: [{ config, configText, engine: "wasm" }],
  renderer,
});
await renderer.ready;
const server = Deno.serve(
  { port: 0, onListen() {} },
  (request) => app.fetch(request),
);
const url = `http://localhost:${server.addr.port}/emoji`;

for (const query of ["steps=4", "steps=10", "steps=10&prompt=red+heart"]) {
  const rows: { wall: number; network: number; timing: string }[] = [];
  for (let seed = 0; seed < REQUESTS; seed++) {
    spent = 0;
    const started = performance.now();
    const response = await fetch(`${url}?seed=${seed}&${query}`);
    await response.arrayBuffer();
    rows.push({
      wall: performance.now() - started,
      network: spent,
      timing: response.headers.get("server-timing")!,
    });
  }
  rows.splice(0, REQUESTS / 3); // warm-up
  rows.sort((a, b) => a.wall / a.network - b.wall / b.network);
  const { wall, network, timing } = rows[Math.floor(rows.length / 2)]!;
  console.log(
    `${query}: ${wall.toFixed(2)} ms, network ${
      network.toFixed(2)
    } ms, beyond it ${
      (100 * (wall / network - 1)).toFixed(1)
    } % (median of ${rows.length}; ${timing})`,
  );
}
await server.shutdown();
await renderer.close();

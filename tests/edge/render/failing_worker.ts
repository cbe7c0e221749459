/**
 * A thread as of the Deno host, with a real network that fails in the way its name says, in the middle of a run, for as
 * long as a file exists.
 *
 * @module
 */

/// <reference lib="deno.worker" />

import { existsSync, unlinkSync } from "node:fs";
import { wasmEngine } from "../../../edge/engines/wasm.ts";
import type { ModelNetwork } from "@emoji/diffusion/model-sampler";
import { localRenderer } from "../../../edge/render/local_renderer.ts";
import {
  servePool,
  type WorkerPort,
} from "../../../edge/render/pool_worker.ts";
import { tinyModel } from "../tiny_model.ts";

/** What the name says, as JSON. */
export interface Failure {
  /** An exception that nothing catches, a trap in WebAssembly, or a loop without end. */
  readonly kind: "crash" | "trap" | "hang";
  /** The file. */
  readonly file: string;
  /** Whether the first failure removes the file. */
  readonly once: boolean;
}

const { kind, file, once } = JSON.parse(self.name) as Failure;

/** The smallest module that traps as soon as it is started: a start function of `unreachable`. */
const TRAP = new Uint8Array(
  [0, 97, 115, 109, 1, 0, 0, 0, 1, 4, 1, 96, 0, 0, 3, 2, 1, 0, 8, 1, 0, 10, 5]
    .concat([1, 3, 0, 0, 11]),
);

const FAILURES = {
  async crash() {
    setTimeout(() => {
      throw new Error("broken thread");
    });
    await new Promise(() => {});
  },
  trap: () => WebAssembly.instantiate(TRAP).then(() => {}),
  hang() {
    for (;;);
  },
};

let evaluations = 0;
servePool(
  self as unknown as WorkerPort,
  localRenderer(async () => {
    const { config, onnx } = tinyModel();
    const engine = await wasmEngine(config, onnx);
    const network: ModelNetwork = async (...args) => {
      if (++evaluations % 3 === 0 && existsSync(file)) {
        if (once) unlinkSync(file);
        await FAILURES[kind]();
      }
      return await engine.network(...args);
    };
    return [{ config, engine: { ...engine, network } }];
  }),
);

import assert from "node:assert/strict";
import { denoWebgpuEngine } from "../../../edge/engines/deno_webgpu.ts";
import { wasmEngine } from "../../../edge/engines/wasm.ts";
import { TINY } from "../fixtures.ts";
import { worstDifference } from "./compare_engines.ts";

const hasAdapter = await navigator.gpu?.requestAdapter()
  .catch(() => null) != null;

Deno.test({
  name:
    "denoWebgpuEngine() draws the pictures of the WASM engine, but for roundings",
  ignore: !hasAdapter,
  // The device lives as long as the process
  sanitizeOps: false,
  sanitizeResources: false,
  async fn() {
    const { config, onnx } = TINY;
    const wasm = await wasmEngine(config, onnx);
    const webgpu = await (await denoWebgpuEngine())(config, onnx);
    assert.equal(webgpu.class, "webgpu");
    const worst = await worstDifference({ config, engine: wasm }, webgpu, [1]);

    assert(worst <= 2, `differs by ${worst} of 255`);
    await webgpu.release();
    await wasm.release();
  },
});

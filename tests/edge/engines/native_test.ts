import assert from "node:assert/strict";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { fileURLToPath, pathToFileURL } from "node:url";
import { nativeEngine } from "../../../edge/engines/native.ts";
import { wasmEngine } from "../../../edge/engines/wasm.ts";
import { readModelFolders } from "../../../edge/models/model_folder.ts";
import { TINY } from "../fixtures.ts";
import { worstDifference } from "./compare_engines.ts";
import { NO_NATIVE } from "./installed.ts";

const ROOT = new URL("../../../", import.meta.url);

Deno.test({
  name:
    "nativeEngine() draws the pictures of the WASM engine, but for roundings",
  ignore: NO_NATIVE !== undefined,
  async fn() {
    const [shipped] = await readModelFolders(
      fileURLToPath(new URL("models", ROOT)),
      "emoji-32",
    );
    for (
      const { config, onnx } of [
        TINY,
        { config: shipped!.config, onnx: await shipped!.readOnnx() },
      ]
    ) {
      const wasm = await wasmEngine(config, onnx);
      const native = await nativeEngine(2)(config, onnx);
      assert.equal(native.class, "native");
      const worst = await worstDifference({ config, engine: wasm }, native, [
        1,
        2,
      ]);

      assert(worst <= 2, `${config.name} differs by ${worst} of 255`);
      await native.release();
      await wasm.release();
    }
  },
});

Deno.test({
  name: "nativeEngine() refuses bytes that are no network",
  ignore: NO_NATIVE !== undefined,
  async fn() {
    const makeEngine = nativeEngine(1);
    await assert.rejects(makeEngine(TINY.config, new Uint8Array([1, 2, 3])));
  },
});

Deno.test("nativeEngine() tells how to install what it lacks", async () => {
  const folder = await mkdtemp(`${tmpdir()}/native-`);
  try {
    assert.throws(
      () => nativeEngine(1, pathToFileURL(`${folder}/`)),
      /onnxruntime-node must be installed: run "deno task install:native", or "npm install --ignore-scripts onnxruntime-node@1\.30\.0"/,
    );
  } finally {
    await rm(folder, { recursive: true });
  }
});

Deno.test("the native engine is of onnxruntime-web's version", async () => {
  const [web, native] = await Promise.all(
    ["edge/deno.json", "edge/engines/native/deno.json"].map(async (path) =>
      JSON.parse(await Deno.readTextFile(new URL(path, ROOT))).imports
    ),
  );
  assert.equal(
    native["onnxruntime-node"].split("@").at(-1),
    web["onnxruntime-web"].split("@").at(-1),
  );
});

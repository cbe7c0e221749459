import assert from "node:assert/strict";
import { modelFiles } from "../../../edge/site/model_files.ts";
import { slicesOf } from "../../../edge/site/slices.ts";
import { tinyModel } from "../tiny_model.ts";

Deno.test("modelFiles() knows the lengths of files before they are read", async () => {
  const model = tinyModel("tiny", 2);
  const site = modelFiles([{
    ...model,
    readSlice: ({ file }, start, end) =>
      slicesOf(file === "model.onnx" ? model.onnx : model.upsampler)
        .read(start, end),
  }]);
  assert.deepEqual([...site.keys()], [
    "/models/tiny/config.json",
    "/models/tiny/model.onnx",
    "/models/tiny/upsampler.onnx",
  ]);
  for (const [path, { size, read }] of site) {
    assert.equal((await read(0, size + 1)).length, size, path);
  }
});

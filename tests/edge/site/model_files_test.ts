import assert from "node:assert/strict";
import { modelFiles } from "../../../edge/site/model_files.ts";
import { tinyModel } from "../tiny_model.ts";

Deno.test("modelFiles() knows the lengths of files before they are read", async () => {
  const model = tinyModel("tiny", 2);
  const site = modelFiles([{
    ...model,
    readOnnx: ({ file }) =>
      Promise.resolve(file === "model.onnx" ? model.onnx : model.upsampler),
  }]);
  assert.deepEqual([...site.keys()], [
    "/models/tiny/config.json",
    "/models/tiny/model.onnx",
    "/models/tiny/upsampler.onnx",
  ]);
  for (const [path, { size, read }] of site) {
    assert.equal((await read()).length, size, path);
  }
});

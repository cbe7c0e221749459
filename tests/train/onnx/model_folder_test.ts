import assert from "node:assert/strict";
import { readModelFolder } from "../../../train/onnx/model_folder.ts";
import { tinyModel } from "../../edge/tiny_model.ts";

Deno.test("readModelFolder() reads a model and refuses a damaged one by its file's name", async () => {
  const dir = await Deno.makeTempDir();
  await assert.rejects(() => readModelFolder(dir), /config\.json/);
  const { config, configText, onnx } = tinyModel();
  await Deno.writeTextFile(`${dir}/config.json`, configText);
  await assert.rejects(() => readModelFolder(dir), /model\.onnx/);
  await Deno.writeFile(`${dir}/model.onnx`, onnx);
  assert.deepEqual(await readModelFolder(dir), { config, onnx });
  onnx[100]! ^= 1;
  await Deno.writeFile(`${dir}/model.onnx`, onnx);
  await assert.rejects(() => readModelFolder(dir), /model\.onnx .*SHA-256/);
  await Deno.writeTextFile(`${dir}/config.json`, "{}");
  await assert.rejects(() => readModelFolder(dir), /config\.json: /);
  await Deno.remove(dir, { recursive: true });
});

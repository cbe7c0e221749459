import assert from "node:assert/strict";
import type { NetworkShape } from "../../../edge/engines/engine.ts";
import { loadModels } from "../../../edge/models/load_models.ts";
import { localRenderer } from "../../../edge/render/local_renderer.ts";
import { fakeEngine } from "../fixtures.ts";
import { tinyModel } from "../tiny_model.ts";

const small = tinyModel("small");
const large = tinyModel("large", 2);

/** The two models, of which the second enlarges what the first draws. */
const folders = [small, large].map(({ config, onnx, upsampler }) => ({
  config,
  readOnnx: ({ file } = config.model) =>
    Promise.resolve(file === "model.onnx" ? onnx : upsampler),
}));

Deno.test("loadModels() opens a network that models share once, and an upsampler at its own size", async () => {
  const opened: [number, boolean, number][] = [];
  let released = 0;
  const load = () =>
    loadModels(folders, ({ image, condition }: NetworkShape, onnx) => {
      opened.push([image.width, condition !== undefined, onnx.length]);
      const engine = fakeEngine();
      return Promise.resolve({
        ...engine,
        release: () => Promise.resolve(void released++),
      });
    });
  const [first, second] = await load();
  assert.deepEqual(opened, [
    [32, true, small.onnx.length],
    [64, false, large.upsampler.length],
  ]);
  assert.equal(first!.engine, second!.engine);
  assert.equal(first!.upsampler, undefined);
  assert.ok(second!.upsampler);

  const renderer = localRenderer(load);
  await renderer.ready;
  await renderer.close();
  assert.equal(released, 2);
});

Deno.test("loadModels() tells that a network cannot be read", async () => {
  const broken = folders.map(({ config }) => ({
    config,
    readOnnx: () => Promise.reject(new Error("no file")),
  }));
  await assert.rejects(
    loadModels(broken, () => Promise.resolve(fakeEngine())),
    /no file/,
  );
});

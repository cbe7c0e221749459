import assert from "node:assert/strict";
import { pictureSize } from "../../../shared/image.ts";
import { drawnShape, filesOf, shapeOf } from "../../../shared/model/config.ts";
import { drawPlanes, planSampling } from "../../../shared/model/mod.ts";
import { upsample } from "../../../shared/model/upsample.ts";
import { tinyConfig } from "../tiny_config.ts";

const upsampler = {
  scale: 3,
  process: tinyConfig.process,
  level: 0.5,
  model: { file: "upsampler.onnx", sha256: "1".repeat(64), bytes: 2 },
};
const config = { ...tinyConfig, upsampler };

/** Planes of `count` pictures of 2×2 pixels, every value another one. */
function pictures(count: number): Float32Array {
  const size = pictureSize(config.image);
  return Float32Array.from({ length: count * size }, (_, i) => i / 100);
}

/** An upsampler that leaves pictures as squares: with σ = sigmaData the clean answer is x/2 + F/√8, and the input √2·x. */
function answerInput(x: Float32Array): Float32Array {
  return x.slice();
}

Deno.test("upsample() gives an upsampler each pixel as a square and takes its clean answer", async () => {
  const told: number[] = [];
  const seen: Float32Array[] = [];
  const planes = pictures(2);
  const large = await upsample(
    upsampler,
    (x, level, condition, { images }) => {
      told.push(level);
      seen.push(x.slice());
      assert.equal(condition.length, 0);
      assert.equal(images, 2);
      return answerInput(x);
    },
    planes,
    config.image,
  );
  assert.deepEqual(told, [Math.log(0.5) / 4]);
  assert.equal(large.length, 9 * planes.length);
  for (let plane = 0; plane < 8; plane++) {
    for (let y = 0; y < 6; y++) {
      for (let x = 0; x < 6; x++) {
        const small = planes[
          plane * 4 + 2 * Math.floor(y / 3) + Math.floor(x / 3)
        ]!;
        const k = (plane * 6 + y) * 6 + x;
        assert.ok(Math.abs(seen[0]![k]! - small * Math.SQRT2) < 1e-6);
        assert.ok(Math.abs(large[k]! - small) < 1e-6);
      }
    }
  }
});

Deno.test("drawnShape() and shapeOf() tell finished pictures from those on their way", () => {
  assert.deepEqual(drawnShape(tinyConfig), tinyConfig.image);
  const drawn = drawnShape(config);
  assert.deepEqual(drawn, { ...config.image, width: 6, height: 6 });
  assert.deepEqual(shapeOf(config, new Float32Array(16)), config.image);
  assert.deepEqual(shapeOf(config, new Float32Array(144)), drawn);
  assert.deepEqual(filesOf(tinyConfig), [tinyConfig.model]);
  assert.deepEqual(filesOf(config), [tinyConfig.model, upsampler.model]);
});

Deno.test("drawPlanes() enlarges what the model without its upsampler draws", async () => {
  const network = (x: Float32Array) => x.map((value) => 0.1 * value);
  const options = { seeds: [1, 2], plan: planSampling(config, { steps: 3 }) };
  const steps: number[] = [];
  const large = await drawPlanes(config, network, {
    ...options,
    upsampler: answerInput,
    onStep: ({ x }) => void steps.push(x.length),
  });
  const small = await drawPlanes(tinyConfig, network, options);
  assert.deepEqual(steps, [32, 32, 32]);
  assert.equal(large.length, 9 * small.length);
  for (let plane = 0; plane < 8; plane++) {
    for (const [corner, from] of [[0, 0], [5, 1], [30, 2], [35, 3]] as const) {
      const difference = large[36 * plane + corner]! - small[4 * plane + from]!;
      assert.ok(Math.abs(difference) < 1e-6);
    }
  }
  await assert.rejects(
    drawPlanes(config, network, options),
    /Cannot draw with tiny as the network of its upsampler must be given/,
  );
});

Deno.test("drawPlanes() enlarges nothing that nobody waits for any more", async () => {
  const stop = new AbortController();
  await assert.rejects(
    drawPlanes(config, (x) => x.slice(), {
      seeds: [1],
      plan: planSampling(config, { steps: 2 }),
      signal: stop.signal,
      upsampler: () => assert.fail("the upsampler was asked"),
      onStep({ index }) {
        if (index === 1) stop.abort();
      },
    }),
    /abort/,
  );
});

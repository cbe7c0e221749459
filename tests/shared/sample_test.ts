import {
  clip,
  ddim,
  type Denoiser,
  dpmpp2m,
  heun,
  packRun,
  type RunState,
  sample,
  selfCondition,
  steps,
  unpackRun,
  veLevel,
} from "@emoji/diffusion";
import { karrasLevels } from "@emoji/diffusion/steps";
import { Buffer } from "node:buffer";
import assert from "node:assert/strict";

const levels = karrasLevels(8);
const half: Denoiser = (x) => x.map((value) => value / 2);

Deno.test("sample() gives image k of a batch the bytes of its own seed", async () => {
  const options = { levels, solver: ddim({ eta: 1 }), size: 12 };
  const batch = await sample(half, { ...options, seeds: [3, "word", 5n] });
  for (const [k, seed] of [3, "word", 5n].entries()) {
    const single = await sample(half, { ...options, seeds: [seed] });
    assert.deepEqual(batch.subarray(12 * k, 12 * k + 12), single);
  }
});

Deno.test("sample() lets the event loop run between steps", async () => {
  let turns = 0;
  const timer = setInterval(() => turns++, 0);
  await sample((x) => {
    const until = performance.now() + 3;
    while (performance.now() < until);
    return x;
  }, { levels: karrasLevels(20), size: 4, seeds: [1] });
  clearInterval(timer);
  assert.ok(turns >= 5, `${turns} turns`);
});

Deno.test("sample() reports every step with its images, clean images and noise", async () => {
  const indices: number[] = [];
  const x = await sample(half, {
    levels,
    solver: dpmpp2m(),
    size: 12,
    seeds: [1],
    async onStep(event) {
      await Promise.resolve();
      indices.push(event.index);
      assert.equal(event.level, levels[event.index]);
      assert.equal(event.next, levels[event.index + 1]);
      assert.equal(event.steps, 8);
      const noise = event.epsilon();
      if (event.index === 0) {
        const start = await firstImages();
        start.forEach((value, i) => {
          assert.equal(event.x0[i], value / 2);
          assert.ok(Math.abs(noise[i]! - value / 2 / 80) < 1e-5);
        });
      }
    },
  });
  assert.deepEqual(indices, [0, 1, 2, 3, 4, 5, 6, 7]);
  assert.equal(x.length, 12);
});

async function firstImages(): Promise<Float32Array> {
  let start: Float32Array = new Float32Array();
  await sample((x) => start = x, {
    levels: [80, 0].map(veLevel),
    size: 12,
    seeds: [1],
  });
  return start;
}

Deno.test("sample() stops at once where its signal is aborted, and nothing runs on", async () => {
  const controller = new AbortController();
  let calls = 0;
  const denoiser: Denoiser = async (x, _level, { step, signal }) => {
    calls++;
    if (step === 2) controller.abort(new Error("enough"));
    await new Promise((resolve) => setTimeout(resolve, 1));
    assert.equal(signal, controller.signal);
    return x;
  };
  const { signal } = controller;
  await assert.rejects(
    sample(denoiser, { levels, solver: heun(), size: 4, seeds: [1], signal }),
    /enough/,
  );
  const before = calls;
  await new Promise((resolve) => setTimeout(resolve, 20));
  assert.equal(calls, before);
  await assert.rejects(
    sample(half, { levels, size: 4, seeds: [1], signal: AbortSignal.abort() }),
    { name: "AbortError" },
  );
});

Deno.test("sample() can be aborted from a timer though the denoiser never waits", async () => {
  const controller = new AbortController();
  setTimeout(() => controller.abort(), 5);
  const many = karrasLevels(20_000);
  await assert.rejects(
    sample(half, {
      levels: many,
      size: 1,
      seeds: [1],
      signal: controller.signal,
    }),
    { name: "AbortError" },
  );
});

Deno.test("steps() gives the same images as sample() and ends when its consumer leaves", async () => {
  const options = { levels, solver: dpmpp2m(), size: 12, seeds: [1, 2] };
  let last: Float32Array = new Float32Array();
  for await (const { x } of steps(half, options)) last = x;
  assert.deepEqual(last, await sample(half, options));
  let calls = 0;
  for await (const { index } of steps((x) => (calls++, x), options)) {
    if (index === 2) break;
  }
  assert.equal(calls, 3);
});

Deno.test("unpackRun() restores a run that ends with the same bits", async () => {
  const denoiser = selfCondition<Float32Array>((x, previous, { sigma }) =>
    x.map((value, i) => (value + 0.3 * previous[i]!) / (1 + sigma))
  );
  for (const solver of [ddim({ eta: 1 }), dpmpp2m()]) {
    const options = { levels, solver, size: 12, seeds: [1, "b"] };
    const whole = await sample(denoiser, options);
    for (const stop of [0, 3, 7]) {
      let state: RunState | undefined;
      for await (const event of steps(denoiser, options)) {
        state = event.state();
        if (event.index === stop) break;
      }
      const { json, bytes } = packRun(state!);
      const sent = { json: String(json), bytes: Uint8Array.from(bytes) };
      const { seeds: _, ...elsewhere } = options;
      const resume = unpackRun(sent);
      assert.equal(resume.index, stop + 1);
      assert.deepEqual(await sample(denoiser, { ...elsewhere, resume }), whole);
    }
  }
});

Deno.test("unpackRun() refuses what packRun() did not make", () => {
  const state = {
    index: 1,
    x: Float64Array.of(1, 2, 3),
    history: [],
    memory: new Map(),
    noise: [],
  };
  const { json, bytes } = packRun(state);
  assert.deepEqual(unpackRun({ json, bytes }), state);
  // A Buffer that is part of a larger one, as files and sockets give them
  const pool = Buffer.concat([Buffer.alloc(8, 7), bytes]);
  assert.deepEqual(
    unpackRun({
      json,
      bytes: pool.subarray(8) as Uint8Array as Uint8Array<ArrayBuffer>,
    }),
    state,
  );
  assert.throws(() => unpackRun({ json, bytes: bytes.slice(8) }), RangeError);
  assert.throws(() => unpackRun({ json: "{}", bytes }), SyntaxError);
});

Deno.test("sample() runs any number of times at once over one solver and one denoiser", async () => {
  const solver = dpmpp2m();
  const denoiser = clip(half);
  const run = (seed: number) =>
    sample(denoiser, { levels, solver, size: 12, seeds: [seed] });
  const together = await Promise.all([1, 2, 3, 4].map(run));
  for (const seed of [1, 2, 3, 4]) {
    assert.deepEqual(together[seed - 1], await run(seed));
  }
});

Deno.test("sample() starts from clean images with the noise of the first level", async () => {
  const image = new Float32Array(6).fill(5);
  let start: Float32Array = new Float32Array();
  const options = {
    levels: [veLevel(0.5), veLevel(0)],
    size: 3,
    seeds: [1, 2],
    image,
  };
  await sample((x) => start = x, options);
  await sample((x) => {
    start.forEach((value, i) => assert.ok(Math.abs(value - 5 - x[i]!) < 1e-6));
    return x;
  }, { ...options, image: new Float32Array(6) });
});

Deno.test("sample() refuses what does not go together, with the reason", async () => {
  const options = { levels, size: 4, seeds: [1] };
  const refuses = (change: object, reason: RegExp) =>
    assert.rejects(sample(half, { ...options, ...change }), (error: Error) => {
      assert.ok(error instanceof RangeError);
      assert.match(error.message, reason);
      return true;
    });
  await refuses({ levels: [veLevel(1)] }, /at least two/);
  await refuses({ levels: [1, 2, 0].map(veLevel) }, /less noise/);
  await refuses({ levels: [2, 1, 1, 0].map(veLevel) }, /less noise/);
  await refuses(
    { levels: [2, NaN, 0].map(veLevel) },
    /levels\[1\] must have finite/,
  );
  await refuses({ seeds: [] }, /seeds/);
  await refuses({
    solver: ddim({ eta: 1 }),
    seeds: undefined,
    start: new Float32Array(4),
  }, /one seed or noise source an image/);
  await refuses({ seeds: [1, 2], start: new Float32Array(4) }, /2 for 1/);
  await refuses(
    { size: 3, start: new Float32Array(4) },
    /one image of 'size' or more/,
  );
  await refuses({ image: new Float32Array(3) }, /must hold 1 images of 4/);
  await refuses(
    { start: new Float32Array(4), image: new Float32Array(4) },
    /start and image must not both be given: current value is "both"/,
  );
  for (const startScale of [NaN, -1, Infinity]) {
    await refuses({ startScale }, /startScale must be finite and >= 0/);
  }
  await assert.rejects(
    sample((x) => x.subarray(1), options),
    /must return 4 numbers: current value is 3/,
  );
});

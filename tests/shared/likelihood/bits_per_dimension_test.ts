import assert from "node:assert/strict";
import {
  bitsPerDimension,
  boundTerms,
  priorTerms,
} from "@emoji/diffusion/likelihood";
import {
  addNoise,
  diffusionProcess,
  learnedRange,
  PREDICTIONS,
  reverseDistribution,
} from "@emoji/diffusion/process";
import { philoxNoise } from "@emoji/diffusion/random";
import { betaSchedule, linearBetas } from "@emoji/diffusion/schedules";
import { sectionTimesteps } from "@emoji/diffusion/steps";

const schedule = betaSchedule(linearBetas(1000));
const process = diffusionProcess(schedule, sectionTimesteps(1000, [20]));
const size = 48;
const images = (n: number) =>
  Float64Array.from({ length: n * size }, (_, i) => (i * 37) % 256 / 127.5 - 1);
const sources = (n: number) =>
  Array.from({ length: n }, (_, k) => philoxNoise(k));

Deno.test("bitsPerDimension() is the sum of its terms, each that of boundTerms()", async () => {
  const x0 = images(1);
  const network = (x: Float64Array) => ({
    output: x.map((value) => 0.3 * value),
    raw: x.map(Math.sin),
  });
  const model = { variance: learnedRange };
  const [bits] = await bitsPerDimension(process, x0, {
    network,
    noise: sources(1),
    clip: false,
    ...model,
  });
  const [source] = sources(1);
  let total = priorTerms(process, x0, 1)[0]!;
  const noise = new Float64Array(size);
  for (let t = process.length - 1; t >= 0; t--) {
    source!.normal(noise);
    const x = addNoise(x0, noise, process.levels[t]!);
    const reverse = reverseDistribution(process, {
      x,
      indices: [t],
      ...network(x),
    }, model);
    const [term] = boundTerms(process, { x0, x, indices: [t] }, reverse);
    assert.equal(bits!.terms[t], term);
    total += term!;
  }
  assert.ok(Math.abs(bits!.total - total) < 1e-9 * total);
});

Deno.test("bitsPerDimension() of a network that knows the image leaves the decoder and the prior", async () => {
  const x0 = images(2);
  const [bits] = await bitsPerDimension(process, x0, {
    network: () => ({ output: x0 }),
    parameterization: PREDICTIONS.x0,
    noise: sources(2),
  });
  assert.ok(bits!.terms.subarray(1).every((term) => Math.abs(term) < 1e-9));
  assert.ok(bits!.terms[0]! > 0 && bits!.prior > 0 && bits!.prior < 1e-4);
  assert.ok(bits!.x0Errors.every((error) => error === 0));
  assert.ok(bits!.noiseErrors.every((error) => error < 1e-20));
});

Deno.test("bitsPerDimension() of an image does not depend on the batch", async () => {
  const network = (x: Float64Array, t: number) => ({
    output: x.map((value) => value * t / 1000),
  });
  const three = await bitsPerDimension(process, images(3), {
    network,
    noise: sources(3),
  });
  const one = await bitsPerDimension(
    process,
    images(3).subarray(size, 2 * size),
    { network, noise: [philoxNoise(1)] },
  );
  assert.deepEqual(one[0], three[1]);
});

Deno.test("bitsPerDimension() tells the network the timestep of the schedule it was trained on", async () => {
  const told: number[] = [];
  await bitsPerDimension(process, images(1), {
    network(x, t) {
      told.push(t);
      return { output: x };
    },
    noise: sources(1),
  });
  assert.deepEqual(told, sectionTimesteps(1000, [20]));
});

Deno.test("bitsPerDimension() stops when aborted and refuses what does not fit", async () => {
  const network = (x: Float64Array) => ({ output: x });
  await assert.rejects(
    bitsPerDimension(process, images(1), {
      network,
      noise: sources(1),
      signal: AbortSignal.abort(),
    }),
    { name: "AbortError" },
  );
  await assert.rejects(
    bitsPerDimension(process, images(1), { network, noise: sources(5) }),
    RangeError,
  );
  await assert.rejects(
    bitsPerDimension(process, images(1), {
      network,
      noise: sources(1),
      variance: learnedRange,
    }),
    /'raw' must hold/,
  );
});

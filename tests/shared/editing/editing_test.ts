import {
  ddim,
  ddpm,
  type Denoiser,
  dpmpp2m,
  inpaint,
  isNoisier,
  philoxNoise,
  repaint,
  repaintLevels,
  sample,
  slerp,
  unipc,
  variations,
} from "@emoji/diffusion";
import { karrasLevels, lastLevels } from "@emoji/diffusion/steps";
import assert from "node:assert/strict";

const levels = karrasLevels(30, { sigmaMax: 10 });
/** The ideal denoiser of images whose numbers are all the same, drawn from N(0, 1). */
const flat: Denoiser = (x, { sigma }, { images }) => {
  const size = x.length / images;
  return x.map((_, i) => {
    const from = Math.floor(i / size) * size;
    const mean = x.subarray(from, from + size).reduce((sum, value) =>
      sum + value, 0) / size;
    return mean / (1 + sigma ** 2 / size);
  });
};

Deno.test("sample() with image and lastLevels() changes an image the more, the larger the strength", async () => {
  const image = new Float32Array(16).fill(2);
  const shift = async (strength: number) => {
    const x = await sample(flat, {
      levels: lastLevels(levels, strength),
      solver: ddpm(),
      size: 16,
      seeds: [5],
      image,
    });
    return Math.abs(x[0]! - 2);
  };
  const shifts = [await shift(0.2), await shift(0.6), await shift(1)];
  assert.ok(shifts[0]! < shifts[1]! && shifts[1]! < shifts[2]!, `${shifts}`);
});

Deno.test("inpaint() keeps the known part and draws the rest to go with it, with any solver", async () => {
  const image = new Float32Array(32).fill(1.5);
  const mask = new Float32Array(16).map((_, i) => i < 8 ? 1 : 0);
  for (const solver of [ddim(), ddpm(), dpmpp2m(), unipc()]) {
    const x = await sample(flat, {
      levels,
      solver: inpaint(solver, { image, mask }),
      size: 16,
      seeds: [1, 2],
    });
    for (let i = 0; i < 32; i++) {
      if (i % 16 < 8) assert.equal(x[i], 1.5);
      else assert.ok(Math.abs(x[i]! - 1.5) < 1, `${solver.name} ${x[i]}`);
    }
  }
  assert.throws(
    () => inpaint(ddim(), { image, mask: new Float32Array(7) }),
    RangeError,
  );
});

Deno.test("repaint() joins the drawn part to the known one better than inpaint()", async () => {
  const image = new Float32Array(16).fill(1.5);
  const mask = new Float32Array(16).map((_, i) => i < 4 ? 1 : 0);
  const few = karrasLevels(12, { sigmaMax: 10 });
  const gap = async (name: "inpaint" | "repaint") => {
    let sum = 0;
    for (let seed = 0; seed < 20; seed++) {
      const options = name === "inpaint"
        ? { levels: few, solver: inpaint(ddpm(), { image, mask }) }
        : {
          levels: repaintLevels(few, { jumpLength: 2, resamples: 8 }),
          solver: repaint(ddpm(), { image, mask }),
        };
      const x = await sample(flat, { ...options, size: 16, seeds: [seed] });
      sum += Math.abs(x[15]! - 1.5);
    }
    return sum / 20;
  };
  const [once, often] = [await gap("inpaint"), await gap("repaint")];
  assert.ok(often < once, `${often} is not below ${once}`);
});

Deno.test("repaintLevels() goes down the list with jumps back up, as the paper's schedule", () => {
  const ten = karrasLevels(10);
  const left = (jumpLength: number, resamples: number) =>
    repaintLevels(ten, { jumpLength, resamples }).map((level) =>
      9 - ten.indexOf(level)
    );
  // get_schedule_jump(t_T=10, jump_length=3, jump_n_sample=2) of the authors' code, andreas128/RePaint.
  assert.deepEqual(left(3, 2), [
    9,
    8,
    7,
    6,
    7,
    8,
    9,
    8,
    7,
    6,
    5,
    4,
    3,
    4,
    5,
    6,
    5,
    4,
    3,
    2,
    1,
    0,
    1,
    2,
    3,
    2,
    1,
    0,
    -1,
  ]);
  assert.deepEqual(repaintLevels(ten, { resamples: 1 }), ten);
  const visited = repaintLevels(ten, { jumpLength: 2, resamples: 3 });
  visited.slice(1).forEach((level, i) =>
    assert.ok(isNoisier(level, visited[i]!) || isNoisier(visited[i]!, level))
  );
  assert.throws(() => repaintLevels(ten, { resamples: 0 }), RangeError);
});

Deno.test("slerp() keeps the length of noise and ends at its arguments", () => {
  const [a, b] = [1, 2].map((seed) => {
    const noise = new Float64Array(2000);
    philoxNoise(seed).normal(noise);
    return noise;
  }) as [Float64Array, Float64Array];
  for (const share of [0.25, 0.5, 0.75]) {
    const length = Math.hypot(...slerp(a, b, share)) / Math.sqrt(2000);
    assert.ok(Math.abs(length - 1) < 0.05, `${length}`);
  }
  slerp(a, b, 0, 1000).forEach((value, i) =>
    assert.ok(Math.abs(value - a[i]!) < 1e-12)
  );
  slerp(a, b, 1, 1000).forEach((value, i) =>
    assert.ok(Math.abs(value - b[i]!) < 1e-12)
  );
  assert.deepEqual(slerp(a, a, 0.5), a);
  assert.throws(() => slerp(a, b.subarray(1), 0.5), RangeError);
});

Deno.test("variations() are near the noise of their seed and differ from each other", () => {
  const centre = new Float32Array(1000);
  philoxNoise(7).normal(centre);
  const near = variations(7, 2, { size: 1000, strength: 0.1 });
  const [a, b] = [near.subarray(0, 1000), near.subarray(1000)];
  const cosine = (x: Float32Array, y: Float32Array) =>
    x.reduce((sum, value, i) => sum + value * y[i]!, 0) / Math.hypot(...x) /
    Math.hypot(...y);
  assert.ok(
    cosine(centre, a) > 0.95 && cosine(a, b) > 0.9 && cosine(a, b) < 0.999,
  );
  assert.deepEqual(variations(7, 1, { size: 1000, strength: 0 }), centre);
});

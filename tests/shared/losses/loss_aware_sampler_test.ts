import assert from "node:assert/strict";
import { LossAwareSampler } from "@emoji/diffusion/losses";
import { philoxNoise } from "@emoji/diffusion/random";

const losses = [1, 2, 3, 4];

function warmed(): LossAwareSampler {
  const sampler = new LossAwareSampler(4);
  for (let i = 0; i < 10; i++) sampler.update([0, 1, 2, 3], losses);
  return sampler;
}

Deno.test("LossAwareSampler is uniform until it has ten losses of every timestep", () => {
  const sampler = new LossAwareSampler(4);
  for (let i = 0; i < 100; i++) sampler.update([0, 1, 2], losses);
  assert.deepEqual(
    sampler.probabilities(),
    Float64Array.of(0.25, 0.25, 0.25, 0.25),
  );
});

Deno.test("LossAwareSampler draws in proportion to the root of the mean squared loss", () => {
  // improved-diffusion's LossSecondMomentResampler: sqrt(mean(loss**2)) normalised, * (1 - 0.001) + 0.001 / T
  const sampler = warmed();
  sampler.probabilities().forEach((p, t) =>
    assert.ok(Math.abs(p - ((t + 1) / 10 * 0.999 + 0.001 / 4)) < 1e-15)
  );
  sampler.update(new Array(5).fill(0), [3, 3, 3, 3, 3]); // half of the ten: √((5·1 + 5·9) / 10) = √5
  const root = Math.sqrt(5);
  assert.ok(
    Math.abs(
      sampler.probabilities()[0]! - (root / (root + 9) * 0.999 + 0.001 / 4),
    ) < 1e-15,
  );
});

Deno.test("LossAwareSampler.draw() follows the probabilities, and its weights keep the mean", () => {
  const uniform = new Float64Array(100_000);
  philoxNoise(5).uniform(uniform);
  const sampler = warmed();
  const probabilities = sampler.probabilities();
  const { indices, weights } = sampler.draw(uniform);
  const counts = [0, 0, 0, 0];
  let weighted = 0;
  indices.forEach((t, i) => {
    counts[t]!++;
    weighted += weights[i]! * losses[t]!;
    assert.ok(Math.abs(weights[i]! - 1 / (4 * probabilities[t]!)) < 1e-12);
  });
  counts.forEach((count, t) =>
    assert.ok(Math.abs(count / uniform.length - probabilities[t]!) < 6e-3)
  );
  assert.ok(Math.abs(weighted / uniform.length - 2.5) < 0.01);
  assert.deepEqual(sampler.draw([1]).indices, [3]);
});

Deno.test("LossAwareSampler is made again from JSON", () => {
  const sampler = warmed();
  const copy = new LossAwareSampler(
    4,
    {},
    JSON.parse(JSON.stringify(sampler.state())),
  );
  assert.deepEqual(copy.probabilities(), sampler.probabilities());
  assert.throws(
    () => new LossAwareSampler(5, {}, sampler.state()),
    /'state' must be of 5 timesteps/,
  );
  assert.throws(() => new LossAwareSampler(0), RangeError);
});

Deno.test("LossAwareSampler is uniform where losses say nothing of the shares", () => {
  for (const loss of [0, Infinity, NaN]) {
    const sampler = new LossAwareSampler(4, { history: 1 });
    sampler.update([0, 1, 2, 3], [loss, loss, loss, loss]);
    const { indices, weights } = sampler.draw([0.1, 0.3, 0.6, 0.9]);
    assert.deepEqual(indices, [0, 1, 2, 3]);
    assert.deepEqual(weights, [1, 1, 1, 1]);
  }
});

import assert from "node:assert/strict";
import fc from "fast-check";
import {
  convertPrediction,
  edmParameterization,
  PREDICTIONS,
  previousParameterization,
} from "@emoji/diffusion/process";
import {
  flowLevel,
  type Level,
  posterior,
  veLevel,
  vpLevel,
} from "../../../shared/level.ts";

const kinds = [
  PREDICTIONS.epsilon,
  PREDICTIONS.x0,
  PREDICTIONS.v,
  PREDICTIONS.flow,
  PREDICTIONS.score,
  edmParameterization(0.5),
  previousParameterization,
];

/** What each kind is, from its definition. */
function truths(
  x0: number,
  noise: number,
  level: Level,
  next: Level,
): number[] {
  const { alpha, sigma } = level;
  const x = alpha * x0 + sigma * noise;
  const ratio = sigma / alpha;
  const weights = posterior(level, next);
  const total = ratio ** 2 + 0.25;
  return [
    noise,
    x0,
    alpha * noise - sigma * x0,
    noise - x0,
    -noise / sigma,
    (x0 - 0.25 / total * (x / alpha)) / (ratio * 0.5 / Math.sqrt(total)),
    weights.x0 * x0 + weights.x * x,
  ];
}

Deno.test("convertPrediction() turns every kind into every other on every process", () => {
  const unit = fc.double({ min: -2, max: 2, noNaN: true });
  const share = fc.double({ min: 0.02, max: 0.98, noNaN: true });
  fc.assert(
    fc.property(unit, unit, share, share, (x0, noise, u, w) => {
      const pairs: [Level, Level][] = [
        [vpLevel(u, 5), vpLevel(u + w * (1 - u), 2)],
        [veLevel(10 * u), veLevel(10 * u * w)],
        [flowLevel(u), flowLevel(u * w)],
      ];
      for (const [level, next] of pairs) {
        const x = Float64Array.of(level.alpha * x0 + level.sigma * noise);
        const truth = truths(x0, noise, level, next);
        for (const [i, from] of kinds.entries()) {
          for (const [j, to] of kinds.entries()) {
            const [value] = convertPrediction(Float64Array.of(truth[i]!), {
              from,
              to,
              x,
              level,
              next,
            });
            const scale = Math.max(1, ...truth.map(Math.abs));
            assert.ok(
              Math.abs(value! - truth[j]!) < 1e-7 * scale,
              `${i} to ${j} at ${JSON.stringify(level)}: ${value}, ${truth[j]}`,
            );
          }
        }
      }
    }),
    { seed: 2, numRuns: 100 },
  );
});

Deno.test("convertPrediction() refuses noise and score where the image is gone", () => {
  const options = { x: Float64Array.of(1), level: vpLevel(0, 999) };
  for (const from of [PREDICTIONS.epsilon, PREDICTIONS.score]) {
    assert.throws(
      () =>
        convertPrediction(Float64Array.of(1), {
          ...options,
          from,
          to: PREDICTIONS.x0,
        }),
      /must be defined at the level/,
    );
  }
  const v = convertPrediction(Float64Array.of(-0.3), {
    ...options,
    from: PREDICTIONS.v,
    to: PREDICTIONS.x0,
  });
  assert.equal(v[0], 0.3);
});

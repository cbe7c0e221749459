import assert from "node:assert/strict";
import * as tf from "../../../train/tfjs/mod.ts";
import { openProcess } from "@emoji/diffusion/open-process";
import { philoxNoise } from "@emoji/diffusion/random";
import { eachLevel } from "../../../train/distillation/guided.ts";
import {
  type Discriminator,
  toTell,
  wayToReal,
} from "../../../train/matching/adversarial.ts";
import { realnessSlope } from "../../../train/matching/discriminate.ts";
import { shownWithNoise } from "../../../train/matching/examples.ts";
import type { Trial } from "../../../train/matching/rehearsal.ts";
import { tiny } from "../../../train/presets/tiny.ts";

await tf.setBackend("cpu");
await tf.ready();

const COUNT = 8;
const SIZE = 16;
const shape: [number, number, number, number] = [COUNT, 1, SIZE, 1];
const { level, coefficients } = openProcess(tiny.objective.process);
const condition = tf.zeros([COUNT, 1]) as tf.Tensor2D;
const SIGMA = 0.1;

function trialOf(step: number): Trial {
  const noise = new Float32Array(COUNT * SIZE);
  philoxNoise(step, { stream: 2 }).normal(noise);
  return {
    at: eachLevel(Array(COUNT).fill(level(SIGMA)), coefficients),
    noise,
  };
}

/** The best critic of values of N(real) and N(drawn), each with noise: its logit is the ln of the ratio of densities. */
function bestCritic(real: [number, number], drawn: [number, number]) {
  const { scale } = coefficients(level(SIGMA));
  const logDensity = (x: tf.Tensor, [mean, deviation]: [number, number]) => {
    const variance = deviation ** 2 + SIGMA ** 2;
    return tf.sub(
      tf.div(tf.square(tf.sub(x, mean)), -2 * variance),
      Math.log(variance) / 2,
    );
  };
  return realnessSlope({
    predict: (_, input) => {
      const x = tf.div(input, scale);
      const logits = tf.sub(logDensity(x, real), logDensity(x, drawn));
      return tf.concat([x, logits], 3) as tf.Tensor4D;
    },
  });
}

Deno.test("wayToReal() leads Gaussian pictures to the mean and deviation of real ones, by the best critic", () => {
  const real: [number, number] = [0.3, 0.15];
  // What is drawn is mean + deviation·z.
  let [mean, deviation] = [-0.2, 0.4];
  const z = new Float32Array(COUNT * SIZE);
  for (let step = 0; step < 400; step++) {
    philoxNoise(step).normal(z);
    const slope = bestCritic(real, [mean, deviation]);
    const discriminator: Discriminator = {
      share: 1,
      slope: (...inputs) => slope(tf.tensor1d([]), ...inputs),
      real: tf.zeros(shape),
    };
    const trial = trialOf(step);
    const pictures = tf.tensor4d(z.map((z) => mean + deviation * z), shape);
    const shown = shownWithNoise(pictures, trial, condition);
    const way = wayToReal(discriminator, shown, trial).dataSync();
    const rate = step < 300 ? 0.1 : 0.01;
    way.forEach((value, i) => {
      mean += rate * value / way.length;
      deviation += rate * value * z[i]! / way.length;
    });
  }
  assert(Math.abs(mean - 0.3) < 0.03, `mean ${mean}`);
  assert(Math.abs(deviation - 0.15) < 0.03, `deviation ${deviation}`);
});

Deno.test("toTell() shows the critic drawn and real pictures with the same noise, and says which are which", () => {
  const trial = trialOf(1);
  const drawn = shownWithNoise(tf.fill(shape, -0.5), trial, condition);
  const discriminator = { real: tf.fill(shape, 0.5) } as Discriminator;
  const { x, level, target } = toTell(discriminator, [drawn], trial);
  assert.deepEqual(x.shape, [2 * COUNT, 1, SIZE, 1]);
  assert.deepEqual(level.shape, [2 * COUNT, 1]);
  const labels = tf.split(target, 2, 3)[1]!.dataSync();
  const inputs = x.dataSync();
  const { scale } = trial.at;
  for (let k = 0; k < COUNT * SIZE; k++) {
    assert.equal(labels[k], -1);
    assert.equal(labels[k + COUNT * SIZE], 1);
    const apart = inputs[k + COUNT * SIZE]! - inputs[k]!;
    assert(Math.abs(apart - scale[0]!) < 1e-5);
  }
});

import assert from "node:assert/strict";
import * as tf from "../../../train/tfjs/mod.ts";
import { openProcess } from "@emoji/diffusion/open-process";
import { philoxNoise } from "@emoji/diffusion/random";
import { distilled } from "../../../train/distillation/distillation.ts";
import {
  seenBy,
  type TrainedNetwork,
} from "../../../train/distillation/guided.ts";
import { drawRun } from "../../../train/matching/draw_run.ts";
import { match } from "../../../train/matching/match.ts";
import { rehearsalSource } from "../../../train/matching/rehearsal.ts";
import { tiny } from "../../../train/presets/tiny.ts";

await tf.setBackend("cpu");
await tf.ready();

const SIZE = 16;
const COUNT = 8;
const shape: [number, number, number, number] = [COUNT, 1, SIZE, 1];
const config = {
  ...distilled(tiny, { guidance: 1, matching: { guidance: 1 } }),
  batch: COUNT,
};
const { level, coefficients } = openProcess(config.objective.process);
const draw = rehearsalSource(config, SIZE)!;

/** The best denoiser of values of N(mean, deviation²), which depends on the level it is told alone. */
function gaussian(mean: number, deviation: number): TrainedNetwork {
  return {
    flat: tf.tensor1d([]),
    network: {
      predict: (_, x, told) =>
        tf.tidy(() => {
          // What is told is ln(sigma)/4.
          const levels = Array.from(told.dataSync(), (c) =>
            level(Math.exp(4 * c)));
          const each = (of: (k: number) => number) =>
            tf.tensor4d(
              levels.map((_, k) =>
                of(k)
              ),
              [levels.length, 1, 1, 1],
            );
          const at = levels.map(coefficients);
          const share = (k: number) =>
            deviation ** 2 / (deviation ** 2 + levels[k]!.sigma ** 2);
          const noisy = tf.div(x, each((k) => at[k]!.scale));
          const x0 = tf.add(
            tf.mul(each(share), noisy),
            each((k) => (1 - share(k)) * mean),
          );
          const rest = tf.sub(x0, tf.mul(each((k) => at[k]!.skip), noisy));
          return tf.div(rest, each((k) => at[k]!.out)) as tf.Tensor4D;
        }),
    },
  };
}

const asked = tf.zeros([COUNT, 1]) as tf.Tensor2D;

function matched(
  step: number,
  student: TrainedNetwork,
  critic: TrainedNetwork,
  teacher: TrainedNetwork,
) {
  const rehearsal = draw(step, 0, COUNT);
  const drawn = drawRun(student, shape, rehearsal, asked);
  const result = match(
    { teacher: (x, at) => seenBy(teacher, x, at, asked), critic },
    drawn,
    rehearsal.trials,
    asked,
  );
  const { student: { x, level, condition, target } } = result;
  const answer = student.network.predict(student.flat, x, level, condition);
  return {
    ...result,
    rehearsal,
    change: [...tf.sub(target, answer).dataSync<"float32">()],
    answer: answer.dataSync(),
  };
}

Deno.test("match() leaves a student alone whose pictures its critic and its teacher see alike", () => {
  const student = gaussian(0.1, 0.2);
  for (let step = 0; step < 20; step++) {
    const { change } = matched(step, student, student, student);
    assert(change.every((value) => Math.abs(value) < 1e-3), `${step}`);
  }
});

Deno.test("match() moves pictures from what the critic sees to what the teacher sees, on average", () => {
  const student = gaussian(-0.3, 0.1);
  const teacher = gaussian(0.3, 0.1);
  for (let step = 0; step < 20; step++) {
    const { change } = matched(step, student, student, teacher);
    const mean = change.reduce((a, b) => a + b) / change.length;
    assert(mean > 0, `${step}: ${mean}`);
    const back = matched(step, teacher, teacher, student).change;
    assert(back.reduce((a, b) => a + b) / back.length < 0, `${step}`);
  }
});

Deno.test("match() has the critic learn the pictures that the student draws", () => {
  const student = gaussian(0.2, 0.1);
  const { critic, rehearsal } = matched(3, student, student, student);
  assert.deepEqual(critic.x.shape, [2 * COUNT, 1, SIZE, 1]);
  const right = critic.target.dataSync();
  const x = critic.x.dataSync();
  rehearsal.trials.forEach(({ at, noise }, trial) => {
    for (let row = 0; row < COUNT; row++) {
      for (let i = 0; i < SIZE; i++) {
        const k = (trial * COUNT + row) * SIZE + i;
        const noisy = x[k]! / at.scale[row]!;
        const drawn = noisy - at.sigma[row]! * noise[row * SIZE + i]!;
        const seen = at.skip[row]! * noisy + at.out[row]! * right[k]!;
        assert(Math.abs(seen - drawn) < 1e-3 * (1 + at.sigma[row]!));
        assert(Math.abs(seen - 0.2) < 1);
      }
    }
  });
});

Deno.test("match() leads a one-step student of Gaussian pictures to the mean and deviation of its teacher", () => {
  const teacher = gaussian(0.3, 0.15);
  // It draws mean + deviation·z; its critic is the best there is for that.
  let [mean, deviation] = [-0.2, 0.4];
  const z = new Float32Array(COUNT * SIZE);
  const rate = 0.1;
  for (let step = 0; step < 600; step++) {
    philoxNoise(step).normal(z);
    const student: TrainedNetwork = {
      flat: tf.tensor1d([]),
      network: {
        predict: (_, x, told) =>
          tf.tidy(() => {
            const { skip, out, scale } = coefficients(
              level(Math.exp(4 * told.dataSync()[0]!)),
            );
            const x0 = tf.tensor4d(z.map((z) => mean + deviation * z), shape);
            return tf.div(
              tf.sub(x0, tf.mul(skip / scale, x)),
              out,
            ) as tf.Tensor4D;
          }),
      },
    };
    const critic = gaussian(mean, deviation);
    const { change } = matched(step, student, critic, teacher);
    change.forEach((value, i) => {
      mean += rate * value / change.length;
      deviation += rate * value * z[i]! / change.length;
    });
  }
  assert(Math.abs(mean - 0.3) < 0.02, `mean ${mean}`);
  assert(Math.abs(deviation - 0.15) < 0.02, `deviation ${deviation}`);
});

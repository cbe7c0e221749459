import assert from "node:assert/strict";
import * as tf from "npm:@tensorflow/tfjs@4.22.0";
import { clip, guide, precondition } from "@emoji/diffusion/denoisers";
import { sample } from "@emoji/diffusion";
import { openProcess } from "@emoji/diffusion/open-process";
import { ddim, dpmpp2m } from "@emoji/diffusion/solvers";
import {
  type Jump,
  jumpSource,
  keptNoise,
  lessonSteps,
} from "../../../train/distillation/jumps.ts";
import { distilled } from "../../../train/distillation/distillation.ts";
import { teach } from "../../../train/distillation/teacher.ts";
import type { TensorNetwork } from "../../../train/loss.ts";
import { tiny } from "../../../train/presets/tiny.ts";

await tf.setBackend("cpu");
await tf.ready();

const GUIDANCE = 2;
const SIZE = 4;
const config = distilled(tiny, GUIDANCE);
const { coefficients } = openProcess(config.objective.process);

/** A made-up network: F = tanh(x·(1 + told) + c), with c its condition. */
const network: TensorNetwork = {
  predict: (_, x, level, condition) =>
    tf.tidy(() => {
      const factor = tf.reshape(tf.add(level, 1), [-1, 1, 1, 1]);
      const offset = tf.reshape(condition, [-1, 1, 1, 1]);
      return tf.tanh(tf.add(tf.mul(x, factor), offset)) as tf.Tensor4D;
    }),
};
const plain = (condition: number) =>
  precondition(
    (x: Float32Array, told) =>
      x.map((value) => Math.tanh(value * (1 + told) + condition)),
    coefficients,
  );
const guided = clip(guide(plain(0.5), plain(0), GUIDANCE));

const jumpsOf = (step: number) =>
  jumpSource(config)(step, Array.from({ length: 6 }, (_, i) => (i + 0.5) / 6));

/** The noisy picture of an example. */
const noisy = ({ level }: Jump, row: number) =>
  Float32Array.from(
    { length: SIZE },
    (_, i) => 0.5 * Math.cos(i) + level.sigma * Math.sin(3 * i + row),
  );

Deno.test("teach() asks for the answer whose straight step ends where DPM-Solver++(2M) takes the guided teacher", async () => {
  for (let step = 0; step < 30; step++) {
    const jumps = jumpsOf(step);
    const count = jumps.length;
    const x = new Float32Array(count * SIZE);
    jumps.forEach((jump, row) => {
      const { scale } = jump.coefficients;
      x.set(noisy(jump, row).map((value) => scale * value), row * SIZE);
    });
    const target = teach(
      { network, flat: tf.tensor1d([]) },
      tf.tensor4d(x, [count, 1, SIZE, 1]),
      {
        steps: lessonSteps(jumps, coefficients),
        keep: Float32Array.from(jumps, (j) => keptNoise(j.level, j.next)),
        condition: new Float32Array(2 * count).fill(0.5, 0, count),
      },
      GUIDANCE,
    ).dataSync();

    for (const [row, jump] of jumps.entries()) {
      const start = noisy(jump, row);
      const end = await sample(guided, {
        levels: jump.path,
        size: SIZE,
        start,
        solver: dpmpp2m(),
      });
      const { level, next } = jump;
      const answer = target.slice(row * SIZE, (row + 1) * SIZE);
      const straight = await sample(
        precondition(() => Float32Array.from(answer), coefficients),
        { levels: [level, next], size: SIZE, start, solver: ddim() },
      );
      straight.forEach((value, i) => {
        const tolerance = 2e-5 * (1 + level.sigma);
        assert(Math.abs(value - end[i]!) < tolerance, `${step} ${row} ${i}`);
      });
    }
  }
});

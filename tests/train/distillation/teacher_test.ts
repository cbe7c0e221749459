import assert from "node:assert/strict";
import * as tf from "../../../train/tfjs/mod.ts";
import {
  centredGuidance,
  clip,
  type Denoiser,
  guide,
  precondition,
  toPrediction,
} from "@emoji/diffusion/denoisers";
import { noiseToSignal, sample } from "@emoji/diffusion";
import { openProcess } from "@emoji/diffusion/open-process";
import { ddim, dpmpp2m } from "@emoji/diffusion/solvers";
import {
  type Jump,
  jumpSource,
  keptNoise,
  lessonSteps,
} from "../../../train/distillation/jumps.ts";
import {
  formatScale,
  scaleAt,
  type ScaleByLevel,
} from "../../../train/distillation/scale_by_level.ts";
import { distilled } from "../../../train/distillation/distillation.ts";
import { teach } from "../../../train/distillation/teacher.ts";
import type { TensorNetwork } from "../../../train/tensor_network.ts";
import { tiny } from "../../../train/presets/tiny.ts";

await tf.setBackend("cpu");
await tf.ready();

const SIZE = 4;
const config = distilled(tiny, { guidance: 2 });
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
/** A worse version of it, which hears neither. */
const weak: TensorNetwork = {
  predict: (_, x) => tf.tidy(() => tf.tanh(x)),
};
const weakDenoiser = precondition(
  (x: Float32Array) => x.map(Math.tanh),
  coefficients,
);
/** Both rules of guidance, as what each adds to the plain estimate. */
const guided = (
  guidance: number,
  autoguidance: ScaleByLevel,
  centring: number,
) =>
  clip(async (x: Float32Array, level, call) => {
    const estimate = async (of: Denoiser) =>
      toPrediction<Float32Array>(await of(x, level, call)).x0;
    const asked = plain(0.5);
    const combine = centredGuidance(1, { share: centring });
    const first = await estimate(
      guide(asked, plain(0), guidance, { combine }),
    );
    const second = await estimate(
      guide(
        asked,
        weakDenoiser,
        (level) => scaleAt(autoguidance, noiseToSignal(level)),
        { combine },
      ),
    );
    return (await estimate(asked)).map((value, i) =>
      first[i]! + second[i]! - value
    );
  });

const jumpsOf = (step: number) =>
  jumpSource(config)(step, Array.from({ length: 6 }, (_, i) => (i + 0.5) / 6));

/** The noisy picture of an example. */
const noisy = ({ level }: Jump, row: number) =>
  Float32Array.from(
    { length: SIZE },
    (_, i) => 0.5 * Math.cos(i) + level.sigma * Math.sin(3 * i + row),
  );

for (
  const [guidance, autoguidance, centring = 1] of [
    [2, 1],
    [1, 1],
    [1, 2.5],
    [1.5, 2],
    [1, [[1, 4], [0.3, 2.5], [0, 1]]],
    [2, 2.5, 0],
    [2, 2.5, 0.4],
  ] as const
) {
  Deno.test(`teach() asks for the answer whose straight step ends where DPM-Solver++(2M) takes the teacher: guidance ${guidance}, autoguidance ${formatScale(autoguidance)}, centring ${centring}`, () =>
    compareWithRuns(guidance, autoguidance, centring));
}

async function compareWithRuns(
  guidance: number,
  autoguidance: ScaleByLevel,
  centring: number,
): Promise<void> {
  const denoiser = guided(guidance, autoguidance, centring);
  for (let step = 0; step < 30; step++) {
    const jumps = jumpsOf(step);
    const count = jumps.length;
    const x = new Float32Array(count * SIZE);
    jumps.forEach((jump, row) => {
      const { scale } = jump.coefficients;
      x.set(noisy(jump, row).map((value) => scale * value), row * SIZE);
    });
    const target = teach(
      {
        network,
        flat: tf.tensor1d([]),
        ...(autoguidance !== 1 && {
          weak: { network: weak, flat: tf.tensor1d([]) },
        }),
      },
      tf.tensor4d(x, [count, 1, SIZE, 1]),
      {
        steps: lessonSteps(jumps, coefficients),
        keep: Float32Array.from(jumps, (j) => keptNoise(j.level, j.next)),
        condition: new Float32Array(2 * count).fill(0.5, 0, count),
      },
      { guidance, autoguidance, centring },
    ).dataSync();

    for (const [row, jump] of jumps.entries()) {
      const start = noisy(jump, row);
      const end = await sample(denoiser, {
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
}

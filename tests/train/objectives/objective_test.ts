import assert from "node:assert/strict";
import * as tf from "../../../train/tfjs/mod.ts";
import {
  rescaledKlLoss,
  rescaledMseLoss,
  trainingLosses,
} from "@emoji/diffusion/losses";
import { openProcess } from "@emoji/diffusion/open-process";
import { diffusionProcess, learnedRange } from "@emoji/diffusion/process";
import { philoxNoise } from "@emoji/diffusion/random";
import { type Batch, batchSource } from "../../../train/batch.ts";
import { batchTensors } from "../../../train/batch_tensors.ts";
import { conditionLayout } from "../../../train/condition_layout.ts";
import type { RunConfig } from "../../../train/config.ts";
import { collect } from "../../../train/data/collect.ts";
import { syntheticSource } from "../../../train/data/sources/synthetic.ts";
import { exampleLosses } from "../../../train/loss.ts";
import {
  networkChannels,
  type ObjectiveConfig,
} from "../../../train/objectives/objective.ts";
import type { TensorNetwork } from "../../../train/tensor_network.ts";
import { tiny } from "../../../train/presets/tiny.ts";

const BATCH = 8;
const linear = { type: "linear", length: 50, scaled: true } as const;
const epsilon: ObjectiveConfig = {
  process: { type: "vp", schedule: linear, prediction: "epsilon" },
  levels: { type: "uniform" },
  loss: "mse",
};
const learned: ObjectiveConfig = {
  ...epsilon,
  process: { ...epsilon.process, type: "vp", variance: "learned" } as never,
};
const { dataset } = await collect(syntheticSource({ count: 24 }), { size: 8 });
const layout = conditionLayout(dataset.manifest.vocabularies);

function runOf(objective: ObjectiveConfig): RunConfig {
  const channels = networkChannels(objective, 4);
  return {
    ...tiny,
    objective,
    batch: BATCH,
    network: {
      ...tiny.network,
      inputChannels: channels.input,
      outputChannels: channels.output,
    },
  };
}

function draw(objective: ObjectiveConfig, step = 0): Batch {
  return batchSource(dataset, layout, runOf(objective))(step, 0, BATCH);
}

function normal(seed: number, length: number): Float32Array {
  const values = new Float32Array(length);
  philoxNoise(seed).normal(values);
  return values;
}

/** A network that gives one answer whatever it is asked; the answer is `[n, h, w, c]`. */
function answering(flat: tf.Tensor1D, channels: number): TensorNetwork {
  return {
    predict: () =>
      tf.reshape(flat, [BATCH, 8, 8, channels]) as unknown as ReturnType<
        TensorNetwork["predict"]
      >,
  };
}

/** Losses and the gradient of their mean by the answer. */
async function lossesOf(
  objective: ObjectiveConfig,
  batch: Batch,
  answer: Float32Array,
): Promise<
  { weighted: Float32Array; plain: Float32Array; grad: Float32Array }
> {
  await tf.setBackend("cpu");
  const config = runOf(objective);
  const channels = answer.length / (BATCH * 64);
  const compute = (flat: tf.Tensor1D) => {
    const network = answering(flat, channels);
    const tensors = batchTensors(network, flat as never, batch, config);
    return exampleLosses(network, flat as never, tensors, batch, config);
  };
  const flat = tf.tensor1d(answer);
  const { weighted, plain } = compute(flat);
  const grad = tf.grad((x: tf.Tensor) =>
    tf.mean(compute(x as tf.Tensor1D).weighted as unknown as tf.Tensor)
  )(flat);
  return {
    weighted: weighted.dataSync<"float32">() as Float32Array,
    plain: plain.dataSync<"float32">() as Float32Array,
    grad: grad.dataSync<"float32">() as Float32Array,
  };
}

const near = (a: number, b: number, tolerance = 2e-4) =>
  assert.ok(
    Math.abs(a - b) <= tolerance * Math.max(1, Math.abs(b)),
    `${a} must be near ${b}`,
  );

const OBJECTIVES: Record<string, ObjectiveConfig> = {
  "epsilon": epsilon,
  "x0": {
    ...epsilon,
    process: { type: "vp", schedule: linear, prediction: "x0" },
  },
  "v, continuous": {
    ...epsilon,
    process: {
      type: "vp",
      schedule: { type: "cosine-log-snr" },
      prediction: "v",
    },
  },
  "flow": {
    ...epsilon,
    process: { type: "flow" },
    levels: { type: "logit-normal", mean: 0, std: 1 },
  },
  "EDM": tiny.objective,
};

for (const [name, objective] of Object.entries(OBJECTIVES)) {
  Deno.test(`batchSource() makes targets from which the clean picture follows: ${name}`, () => {
    const config = runOf(objective);
    const batch = batchSource(dataset, layout, config, { augment: false })(
      0,
      0,
      BATCH,
    );
    const process = openProcess(objective.process);
    for (let row = 0; row < BATCH; row++) {
      const { skip, out, scale, told } = process.coefficients(
        process.level(batch.t[row]!),
      );
      near(batch.level[row]!, told, 1e-6);
      for (let k = row * 256; k < (row + 1) * 256; k++) {
        const x0 = skip / scale * batch.x[k]! + out * batch.target[k]!;
        // Bytes over 127.5 minus 1; the division by a small alpha costs digits.
        const byte = 127.5 * (x0 + 1);
        assert.ok(Math.abs(byte - Math.round(byte)) < 0.02, `${byte} at ${k}`);
        assert.ok(byte > -0.1 && byte < 255.1);
      }
    }
  });
}

Deno.test("batchSource() shows an upsampler means of squares, and asks for the whole picture", () => {
  const objective = OBJECTIVES["EDM"]!;
  const options = { augment: false };
  const config = runOf(objective);
  const whole = batchSource(dataset, layout, config, options)(0, 0, BATCH);
  const batch = batchSource(
    dataset,
    layout,
    { ...config, upsample: { width: 4 } },
    options,
  )(0, 0, BATCH);
  const process = openProcess(objective.process);
  for (let row = 0; row < BATCH; row++) {
    const { skip, out, scale } = process.coefficients(
      process.level(batch.t[row]!),
    );
    const clean = ({ x, target }: Batch, k: number) =>
      skip / scale * x[k]! + out * target[k]!;
    const sums = new Map<string, number>();
    const squares = Array.from({ length: 256 }, (_, i) => {
      const [y, x, c] = [i >> 5, (i >> 2) & 7, i & 3];
      return `${y >> 2} ${x >> 2} ${c}`;
    });
    squares.forEach((square, i) =>
      sums.set(square, (sums.get(square) ?? 0) + whole.x[row * 256 + i]!)
    );
    squares.forEach((square, i) => {
      const k = row * 256 + i;
      near(batch.x[k]!, sums.get(square)! / 16, 1e-5);
      near(clean(batch, k), clean(whole, k), 1e-4);
    });
  }
});

Deno.test("batchSource() draws the first model's examples bit for bit as ever", async () => {
  const { emoji } = await import("../../../train/presets/emoji.ts");
  const { dataset } = await collect(syntheticSource({ count: 48 }), {
    size: 8,
  });
  const levels = { type: "log-normal", mean: -0.4, std: 1.4 } as const;
  const objective = { ...emoji.objective, levels };
  const draw = batchSource(
    dataset,
    conditionLayout(dataset.manifest.vocabularies),
    { ...emoji, size: 8, batch: 16, objective },
  );
  const { x, target, level, condition } = draw(7, 4, 16);
  const bytes = new Blob(
    [x, target, level, condition].map((v) => v as Float32Array<ArrayBuffer>),
  );
  const hash = await crypto.subtle.digest("SHA-256", await bytes.arrayBuffer());
  assert.equal(
    new Uint8Array(hash).toHex(),
    "152e270cb1803ec0adb1a503e984d4f114bae1aa0e7acc6ef0cf6f82db42758d",
  );
});

for (const bound of ["hybrid", "vlb"] as const) {
  Deno.test(`exampleLosses() of a learned variance are improved-diffusion's: ${bound}`, async () => {
    const objective = { ...learned, bound };
    const drawn = batchSource(dataset, layout, runOf(objective));
    // A step whose examples include the last level, where the decoder's term stands.
    let step = 0;
    let examples = drawn(step, 0, BATCH);
    while (!examples.t.includes(0)) examples = drawn(++step, 0, BATCH);
    const output = normal(3, 4 * 64 * BATCH);
    const raw = normal(4, 4 * 64 * BATCH).map((v) => v / 2);
    const answer = new Float32Array(2 * output.length);
    for (let pixel = 0; pixel < 64 * BATCH; pixel++) {
      answer.set(output.subarray(4 * pixel, 4 * pixel + 4), 8 * pixel);
      answer.set(raw.subarray(4 * pixel, 4 * pixel + 4), 8 * pixel + 4);
    }
    const { plain, grad } = await lossesOf(objective, examples, answer);
    const expected = trainingLosses(
      diffusionProcess(openProcess(objective.process).schedule!),
      {
        x0: examples.bound!.clean,
        x: examples.x,
        indices: [...examples.t],
        output,
        raw,
      },
      {
        loss: bound === "vlb" ? rescaledKlLoss : rescaledMseLoss,
        variance: learnedRange,
      },
    );
    expected.forEach(({ loss }, k) => near(plain[k]!, loss, 1e-3));

    // The mean learns from the squared error alone where there is one.
    const k = 8 * 5;
    const error = output[4 * 5]! - examples.target[4 * 5]!;
    const ofMse = 2 * error / (256 * BATCH);
    if (bound === "hybrid") near(grad[k]!, ofMse, 1e-6);
    else assert.ok(Math.abs(grad[k]! - ofMse) > 1e-5);
  });
}

Deno.test("exampleLosses() are the mean of the error that is asked for", async () => {
  const batch = draw(epsilon);
  const answer = normal(5, 4 * 64 * BATCH).map((v) => 2 * v);
  const formulas = {
    mse: (d: number) => d * d,
    l1: Math.abs,
    huber: (d: number) => Math.abs(d) < 1 ? d * d / 2 : Math.abs(d) - 0.5,
  };
  for (const loss of ["mse", "l1", "huber"] as const) {
    const { plain } = await lossesOf({ ...epsilon, loss }, batch, answer);
    let sum = 0;
    for (let k = 0; k < 256; k++) {
      sum += formulas[loss](answer[k]! - batch.target[k]!);
    }
    near(plain[0]!, sum / 256);
  }
});

Deno.test("weights of levels are those of the papers on what the network predicts", () => {
  const weigh = (weight: ObjectiveConfig["weight"], objective = epsilon) => {
    const batch = draw({ ...objective, ...(weight && { weight }) });
    return [...batch.sigma].map((sigma, i) =>
      [sigma ** -2, batch.weight![i]!] as const
    );
  };
  for (const [snr, w] of weigh({ type: "min-snr", gamma: 5 })) {
    near(w, Math.min(snr, 5) / snr);
  }
  for (
    const [snr, w] of weigh(
      { type: "min-snr", gamma: 5 },
      OBJECTIVES["v, continuous"],
    )
  ) {
    near(w, Math.min(snr, 5) / (snr + 1));
  }
  for (const [snr, w] of weigh({ type: "truncated-snr" })) {
    near(w, Math.max(snr, 1) / snr);
  }
  for (const [snr, w] of weigh({ type: "p2", k: 1, gamma: 1 })) {
    near(w, 1 / (1 + snr));
  }
  for (const [snr, w] of weigh({ type: "sigmoid", bias: 2 })) {
    near(w, 1 / (1 + snr * Math.exp(-2)));
  }
});

Deno.test("offset noise moves whole channels, clamping bounds the input", () => {
  const mean = (batch: Batch) => {
    const t = batch.t.reduce((a, b) => Math.max(a, b));
    const row = batch.t.indexOf(t);
    let sum = 0;
    for (let k = row * 256; k < (row + 1) * 256; k += 4) sum += batch.x[k]!;
    return sum / 64;
  };
  const spread = (objective: ObjectiveConfig) =>
    Array.from({ length: 24 }, (_, step) => mean(draw(objective, step)))
      .reduce((sum, value) => sum + value ** 2, 0) / 24;
  assert.ok(spread({ ...epsilon, offsetNoise: 1 }) > 3 * spread(epsilon));
  const { x } = draw({ ...epsilon, clampNoisy: true });
  assert.ok(x.every((value) => Math.abs(value) <= 1));
  assert.ok(draw(epsilon).x.some((value) => Math.abs(value) > 1));
});

Deno.test("a self-conditioned network is shown its estimate in some examples", async () => {
  const objective: ObjectiveConfig = {
    ...epsilon,
    process: {
      type: "vp",
      schedule: linear,
      prediction: "x0",
      selfConditioning: true,
    },
  };
  const batch = draw(objective);
  const shown = [...batch.estimate!.shown];
  assert.ok(shown.includes(0) && shown.includes(1));
  await tf.setBackend("cpu");
  const answer = tf.tensor1d(normal(6, 4 * 64 * BATCH));
  const { x } = batchTensors(
    answering(answer, 4),
    answer as never,
    batch,
    runOf(objective),
  );
  assert.deepEqual(x.shape, [BATCH, 8, 8, 8]);
  const values = x.dataSync<"float32">();
  const first = answer.dataSync();
  shown.forEach((seen, row) => {
    near(values[row * 512 + 4]!, seen * first[row * 256]!, 1e-5);
  });
});

Deno.test("batchSource() refuses levels that do not suit the process", () => {
  assert.throws(
    () => draw({ ...epsilon, levels: { type: "log-normal", mean: 0, std: 1 } }),
    /distribution must suit a process of type vp with a table: current value is log-normal/,
  );
});

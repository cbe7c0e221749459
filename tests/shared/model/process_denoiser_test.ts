import assert from "node:assert/strict";
import type { Process } from "../../../shared/model/process.ts";
import { openProcess } from "../../../shared/model/open_process.ts";
import { processDenoiser } from "../../../shared/model/process_denoiser.ts";
import { sample } from "../../../shared/sample.ts";
import { ddim } from "../../../shared/solvers/ddim.ts";
import { ddpm } from "../../../shared/solvers/ddpm.ts";
import { learnedRangeVariance } from "../../../shared/variance.ts";

const SIZE = 64;
const linear = { type: "linear", length: 200, scaled: true } as const;

const PROCESSES: Record<string, Process> = {
  "edm": { type: "edm", sigmaData: 0.5, sigmaMin: 0.01, sigmaMax: 80 },
  "flow": { type: "flow" },
  "vp, epsilon": { type: "vp", schedule: linear, prediction: "epsilon" },
  "vp, x0, quadratic": {
    type: "vp",
    schedule: { type: "quadratic", length: 200, end: 0.1 },
    prediction: "x0",
  },
  "vp, v, cosine, zero terminal SNR": {
    type: "vp",
    schedule: { type: "cosine", length: 200, zeroTerminalSnr: true },
    prediction: "v",
  },
  "vp, v, sigmoid": {
    type: "vp",
    schedule: { type: "sigmoid", length: 200 },
    prediction: "v",
  },
  "vp, v, continuous": {
    type: "vp",
    schedule: { type: "cosine-log-snr", shift: [64, 32] },
    prediction: "v",
  },
};

/** Ideal network for normal data of mean 0.3 and deviation 0.2: what the loss of training would make of it. */
function idealNetwork(process: Process) {
  const { coefficients, level } = openProcess(process);
  return (x: Float32Array, told: number) => {
    const at = level(process.type === "edm" ? Math.exp(4 * told) : told);
    const { skip, out, scale } = coefficients(at);
    const { alpha, sigma } = at;
    const share = alpha * 0.04 / (alpha ** 2 * 0.04 + sigma ** 2);
    return x.map((input) => {
      const noisy = input / scale;
      const x0 = 0.3 + share * (noisy - alpha * 0.3);
      return (x0 - skip * noisy) / out;
    });
  };
}

function moments(values: Float32Array): [mean: number, deviation: number] {
  const mean = values.reduce((a, b) => a + b, 0) / values.length;
  const square = values.reduce((a, b) => a + (b - mean) ** 2, 0);
  return [mean, Math.sqrt(square / values.length)];
}

for (const [name, process] of Object.entries(PROCESSES)) {
  Deno.test(`processDenoiser() and levels() draw the data of an ideal network: ${name}`, async () => {
    const x = await sample(processDenoiser(process, idealNetwork(process)), {
      levels: openProcess(process).levels(100),
      solver: ddim(),
      size: SIZE,
      seeds: Array.from({ length: 32 }, (_, i) => i),
    });
    const [mean, deviation] = moments(x);
    assert.ok(Math.abs(mean - 0.3) < 0.02, `mean ${mean}`);
    assert.ok(Math.abs(deviation - 0.2) < 0.015, `deviation ${deviation}`);
  });
}

Deno.test("processDenoiser() hands a learned variance to the solver", async () => {
  const process: Process = {
    type: "vp",
    schedule: linear,
    prediction: "epsilon",
    variance: "learned",
  };
  const ideal = idealNetwork(process);
  const denoiser = processDenoiser(process, (x, told, { images }) => {
    const epsilon = ideal(x, told);
    const out = new Float32Array(2 * x.length).fill(-1); // the posterior's variance
    for (let k = 0; k < images; k++) {
      out.set(epsilon.subarray(k * SIZE, (k + 1) * SIZE), 2 * k * SIZE);
    }
    return out;
  });
  const options = {
    levels: openProcess(process).levels(50),
    size: SIZE,
    seeds: [1, 2],
  };
  const learned = await sample(denoiser, {
    ...options,
    solver: ddpm({ learnedVariance: learnedRangeVariance }),
  });
  const small = await sample(
    processDenoiser({ ...process, variance: "small" }, ideal),
    { ...options, solver: ddpm() },
  );
  learned.forEach((value, i) =>
    assert.ok(Math.abs(value - small[i]!) < 1e-4, `${value} at ${i}`)
  );
});

Deno.test("processDenoiser() shows a self-conditioning network its last estimate", async () => {
  const process: Process = { type: "flow", selfConditioning: true };
  const seen: number[] = [];
  const denoiser = processDenoiser(process, (x, _told, { images }) => {
    seen.push(x[SIZE]!);
    const size = x.length / images / 2;
    return new Float32Array(images * size).fill(0.25);
  });
  await sample(denoiser, {
    levels: openProcess(process).levels(2),
    size: SIZE,
    seeds: [7, 8],
    start: new Float32Array(2 * SIZE).fill(1),
  });
  // x0 = x − t·velocity
  assert.deepEqual(seen, [0, 0.75]);
});

Deno.test("openProcess() refuses ε where no signal is left", () => {
  assert.throws(
    () =>
      openProcess({
        type: "vp",
        schedule: { ...linear, zeroTerminalSnr: true },
        prediction: "epsilon",
      }),
    /prediction must be v or x0 where zeroTerminalSnr leaves no signal/,
  );
});

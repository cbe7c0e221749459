import assert from "node:assert/strict";
import { parseModelConfig } from "@emoji/diffusion/model-config";
import { drawPlanes, planSampling } from "@emoji/diffusion/model-sampler";
import { SOURCES } from "../../../train/data/sources/registry.ts";
import { draftModel, previewConfig } from "../../../train/model_config.ts";
import { channelsOf } from "../../../train/network/network.ts";
import {
  initialWeights,
  summarizeNetwork,
} from "../../../train/network/parameters.ts";
import {
  networkChannels,
  openObjective,
} from "../../../train/objectives/objective.ts";
import { emojiNotebook } from "../../../train/presets/emoji_notebook.ts";
import {
  FAULTS,
  samplingFaults,
  trainingFaults,
  withFaults,
} from "../../../train/presets/faults.ts";
import { PRESETS } from "../../../train/presets/mod.ts";
import { upgradeConfig } from "../../../train/stored_config.ts";
import { conditionLayout } from "../../../train/condition_layout.ts";

const layout = conditionLayout({
  styles: ["a"],
  groups: ["b"],
  subgroups: [],
  words: ["c"],
});

for (const [name, preset] of Object.entries(PRESETS)) {
  Deno.test(`preset ${name} is whole: its model can be described, read and drawn from`, async () => {
    assert.equal(preset.preset, name);
    assert.ok(preset.data.source in SOURCES);
    assert.deepEqual(
      channelsOf(preset.network),
      networkChannels(preset.objective, preset.network.pictureChannels),
    );
    openObjective(preset.objective);
    const { encoding } = preset.data;
    const draft = draftModel(name, preset, layout, {
      attribution: [],
      encoding,
    });
    const config = parseModelConfig(JSON.stringify(previewConfig(draft)));
    assert.deepEqual(config.process, preset.objective.process);
    const { output } = channelsOf(preset.network);
    const planes = await drawPlanes(
      config,
      (_x, _level, _condition, { images }) =>
        new Float32Array(images * output * preset.size ** 2).fill(0.01),
      { seeds: [1], plan: planSampling(config, { steps: 3 }) },
    );
    assert.equal(
      planes.length,
      preset.network.pictureChannels * preset.size ** 2,
    );
    assert.ok(planes.every(Number.isFinite));
  });
}

Deno.test("emoji-notebook has the notebook's 938,444 parameters and 0.21 GMAC", () => {
  const { parameters, macs } = summarizeNetwork(emojiNotebook.network, 32, 0);
  const learned = parameters.filter(({ statistic }) => !statistic)
    .reduce((sum, { shape }) => sum + shape.reduce((a, b) => a * b), 0);
  assert.equal(learned, 938_444);
  assert.equal(Math.round(macs / 1e7), 21);
});

Deno.test("withFaults() turns on what is named and nothing else", () => {
  const all = withFaults(emojiNotebook, Object.keys(FAULTS));
  assert.deepEqual(all, {
    ...emojiNotebook,
    network: { ...emojiNotebook.network, deaf: true },
    objective: { ...emojiNotebook.objective, clampNoisy: true },
    faults: {
      clampSteps: true,
      zeroFirstAlphaBar: true,
      skipLastStep: true,
      stretch: true,
    },
  });
  assert.deepEqual(withFaults(emojiNotebook, []), emojiNotebook);
  assert.throws(
    () => withFaults(emojiNotebook, ["blind"]),
    /each must be one of deaf, .*: current value is blind/,
  );
});

Deno.test("upgradeConfig() reads configurations of the first runs", () => {
  const { emoji } = PRESETS;
  const { objective: { levels }, optimizer, data: _, network, ...rest } =
    emoji!;
  const { type: __, ...sigma } = levels;
  const { type: ___, ...adam } = optimizer;
  const { type: ____, ...shape } = network;
  const first = {
    ...rest,
    network: shape as Record<string, unknown>,
    sigmaData: 0.75,
    sigma: sigma as { mean: number; std: number },
    adam,
  };
  assert.deepEqual(upgradeConfig(first), emoji);
  assert.equal(upgradeConfig(emoji!), emoji);
});

Deno.test("samplingFaults() knows the mistakes that need no training, by name", () => {
  assert.deepEqual(samplingFaults(["clamp-steps", "stretch"]), {
    clampSteps: true,
    stretch: true,
  });
  assert.deepEqual(trainingFaults(["deaf", "stretch", "clamp-training"]), [
    "deaf",
    "clamp-training",
  ]);
  assert.throws(() => samplingFaults(["deaf"]), /each must be one of clamp-/);
});

Deno.test("emoji-notebook starts as PyTorch does: uniform within 1/√fan-in", () => {
  const { parameters } = summarizeNetwork(emojiNotebook.network, 32, 0);
  const flat = initialWeights(parameters, 1);
  const bounds = new Map([
    ["down.1.conv.weight", 9 * 64],
    ["down.1.conv.bias", 9 * 64],
    ["embed.out.weight", 128],
    ["up.1.grow.weight", 4 * 128], // ConvTranspose2d(256, 128, 2): outputs times taps
    ["up.1.bias", 4 * 128],
    ["out.bias", 67],
  ]);
  let at = 0;
  for (const { name, shape } of parameters) {
    const to = at + shape.reduce((a, b) => a * b);
    const values = flat.subarray(at, to);
    at = to;
    const fanIn = bounds.get(name);
    if (fanIn === undefined) continue;
    bounds.delete(name);
    const largest = values.reduce((m, v) => Math.max(m, Math.abs(v)), 0) *
      Math.sqrt(fanIn);
    assert.ok(largest <= 1 + 1e-6, `${name} ${largest}`);
    if (values.length < 1000) continue;
    assert.ok(largest > 0.99, `${name} ${largest}`);
    const square = values.reduce((sum, v) => sum + v * v, 0) / values.length;
    assert.ok(Math.abs(3 * fanIn * square - 1) < 0.05, `${name} ${square}`);
  }
  assert.equal(bounds.size, 0);
});

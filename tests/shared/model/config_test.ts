import assert from "node:assert/strict";
import { parseModelConfig } from "../../../shared/model/config.ts";

const valid = {
  version: 1,
  name: "emoji-32",
  image: { width: 32, height: 32, channels: 4, encoding: "premultiplied-rgba" },
  process: { type: "edm", sigmaData: 0.75, sigmaMin: 0.02, sigmaMax: 80 },
  condition: {
    size: 8,
    style: { offset: 0, values: ["noto", "twemoji"] },
    word: { offset: 3, values: ["red", "apple", "pie"] },
    augment: { offset: 7, values: ["flip"] },
  },
  subjects: [[0, 1], [1]],
  concepts: [[[0], [1]]],
  sampling: {
    sampler: "heun",
    samplers: ["heun", "euler"],
    steps: 10,
    minSteps: 1,
    maxSteps: 100,
    guidance: 2,
    guidanceFolded: false,
    sigmaPowerBySteps: [],
    sigmaMinBySteps: [[4, 0.4], [8, 0.25]],
    clip: true,
    etaBySteps: [[4, 0], [50, 1]],
    alphaSnapBySteps: [[4, 0.02]],
  },
  upsampler: {
    scale: 2,
    process: { type: "edm", sigmaData: 0.75, sigmaMin: 0.02, sigmaMax: 80 },
    level: 0.1,
    model: { file: "upsampler.onnx", sha256: "1".repeat(64), bytes: 12 },
  },
  training: { images: 5_000_000 },
  license: "CC-BY-4.0",
  attribution: ["Noto Emoji"],
  model: { file: "model.onnx", sha256: "0".repeat(64), bytes: 123 },
};

const learned = {
  type: "vp",
  schedule: { type: "linear", length: 500, start: 1e-4, end: 0.02 },
  prediction: "epsilon",
  variance: "learned",
  selfConditioning: true,
};

/** `valid` with the member at `path` replaced, or removed when `value` is undefined. */
function change(path: string, value: unknown): unknown {
  const copy = structuredClone(valid) as Record<string, unknown>;
  const keys = path.split(".");
  const last = keys.pop()!;
  const parent = keys.reduce(
    (node, key) => node[key] as Record<string, unknown>,
    copy,
  );
  if (value === undefined) delete parent[last];
  else parent[last] = value;
  return copy;
}

Deno.test("parseModelConfig() returns what is in the file", () => {
  assert.deepEqual(parseModelConfig(valid), valid);
  assert.deepEqual(parseModelConfig(JSON.stringify(valid)), valid);
  const { condition: _, subjects: __, concepts: ___, ...unconditional } = valid;
  assert.equal("condition" in parseModelConfig(unconditional), false);
  assert.deepEqual(
    parseModelConfig(change("sampling.alphaSnapBySteps", undefined)).sampling
      .alphaSnapBySteps,
    [],
  );
});

Deno.test("parseModelConfig() names the path of what is wrong", () => {
  const wrong: [path: string, value: unknown, message: RegExp][] = [
    ["version", 2, /\$\.version must be 1: current value is 2/],
    ["name", "../x", /\$\.name must be a string|\$\.name must be/],
    [
      "image.width",
      0,
      /\$\.image\.width must be an integer from 1 to 4096: current value is 0/,
    ],
    ["image.channels", 3, /\$\.image\.channels must be 4/],
    [
      "image.encoding",
      undefined,
      /\$\.image\.encoding must be .*: current value is missing/,
    ],
    [
      "process.type",
      "ddpm",
      /\$\.process\.type must be "edm" or "vp" or "flow": current value is "ddpm"/,
    ],
    [
      "process.sigmaMax",
      0.01,
      /\$\.process\.sigmaMax must be a finite number of at least 0.02/,
    ],
    [
      "process.sigmaMax",
      JSON.parse("1e999"),
      /\$\.process\.sigmaMax must be a finite number of at least 0.02: current value is Infinity/,
    ],
    [
      "process.sigmaData",
      "x",
      /\$\.process\.sigmaData must be a finite number/,
    ],
    [
      "condition.size",
      5,
      /\$\.condition\.word must end within the table's 5 rows/,
    ],
    [
      "concepts",
      [[[0]]],
      /\$\.concepts\[0\] must be two lists of rows: current value is \[\[0\]\]/,
    ],
    [
      "condition.style.values",
      ["a", "b", "c"],
      /\$\.condition\.word must not overlap/,
    ],
    [
      "condition.word.values",
      ["a", "a"],
      /\$\.condition\.word\.values must hold no string twice/,
    ],
    [
      "sampling.sampler",
      "x",
      /\$\.sampling\.sampler must be "heun" or "euler"/,
    ],
    [
      "sampling.steps",
      101,
      /\$\.sampling\.steps must be an integer from 1 to 100/,
    ],
    [
      "sampling.sigmaMinBySteps",
      [[4, 0.4], [4, 0.2]],
      /\$\.sampling\.sigmaMinBySteps\[1\]\[0\] must be an integer/,
    ],
    [
      "sampling.sigmaPowerBySteps",
      [[4, -2]],
      /\$\.sampling\.sigmaPowerBySteps\[0\]\[1\] must be a finite number from -1 to 1/,
    ],
    [
      "sampling.alphaSnapBySteps",
      [[4, 0.6]],
      /\$\.sampling\.alphaSnapBySteps\[0\]\[1\] must be a finite number from 0 to 0\.5/,
    ],
    ["sampling.clip", 1, /\$\.sampling\.clip must be true or false/],
    [
      "upsampler.scale",
      1,
      /\$\.upsampler\.scale must be an integer from 2 to 16/,
    ],
    ["upsampler.model.file", "", /\$\.upsampler\.model\.file must/],
    ["training", [], /\$\.training must be an object/],
    ["model.sha256", "abc", /\$\.model\.sha256 must/],
    ["model.file", "../model.onnx", /\$\.model\.file must/],
    [
      "model",
      undefined,
      /\$\.model must be an object: current value is missing/,
    ],
  ];
  for (const [path, value, message] of wrong) {
    assert.throws(() => parseModelConfig(change(path, value)), message, path);
  }
});

Deno.test("parseModelConfig() reads every kind of process", () => {
  const processes = [
    learned,
    { type: "flow" },
    {
      type: "vp",
      schedule: { type: "cosine", length: 300, minBeta: 1e-4 },
      prediction: "v",
    },
    {
      type: "vp",
      schedule: { type: "cosine-log-snr", shift: [64, 32] },
      prediction: "v",
    },
  ];
  for (const process of processes) {
    const config = parseModelConfig(change("process", process));
    assert.deepEqual(config.process, process);
  }
  assert.throws(
    () =>
      parseModelConfig(
        change("process", { ...learned, schedule: { type: "cosine" } }),
      ),
    /\$\.process\.schedule\.length must be an integer/,
  );
});

Deno.test("config.schema.json knows the members that parseModelConfig() reads", async () => {
  const schema = JSON.parse(
    await Deno.readTextFile(
      new URL("../../../shared/model/config.schema.json", import.meta.url),
    ),
  );
  assert.deepEqual(
    Object.keys(schema.properties).sort(),
    Object.keys(valid).sort(),
  );
  const [edm, vp] = schema.$defs.process.oneOf;
  assert.deepEqual(
    Object.keys(edm.properties).sort(),
    Object.keys(valid.process).sort(),
  );
  assert.deepEqual(
    [...Object.keys(vp.properties), "selfConditioning"].sort(),
    Object.keys(learned).sort(),
  );
  for (const member of ["image", "sampling", "upsampler"] as const) {
    assert.deepEqual(
      Object.keys(schema.properties[member].properties).sort(),
      Object.keys(valid[member]).sort(),
    );
  }
  assert.deepEqual(
    Object.keys(schema.$defs.file.properties).sort(),
    Object.keys(valid.model).sort(),
  );
});

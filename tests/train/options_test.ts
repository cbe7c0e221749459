import assert from "node:assert/strict";
import {
  helpText,
  type OptionTable,
  readOptions,
  UsageError,
} from "../../train/options.ts";

const TABLE = {
  preset: {
    type: "string",
    default: "emoji",
    choices: ["emoji", "tiny"],
    help: "which",
  },
  lr: { type: "number", min: 0, max: 1, help: "learning rate" },
  steps: { type: "number", integer: true, default: 5, min: 1, help: "steps" },
  strict: { type: "boolean", default: false, help: "be strict" },
  config: { type: "string", optionsFile: true, help: "JSON file" },
  more: { type: "number", default: 2, needs: ["strict"], help: "how strict" },
  lax: { type: "boolean", replaces: ["strict"], help: "be lax" },
} as const satisfies OptionTable;

async function withFile(text: string, action: (path: string) => void) {
  const path = await Deno.makeTempFile({ suffix: ".json" });
  await Deno.writeTextFile(path, text);
  try {
    action(path);
  } finally {
    await Deno.remove(path);
  }
}

Deno.test("readOptions() gives defaults, and values by their types", () => {
  const defaults = readOptions(TABLE, []);
  assert.deepEqual(defaults, {
    preset: "emoji",
    lr: undefined,
    steps: 5,
    strict: false,
    config: undefined,
    more: 2,
    lax: undefined,
  });
  const given = readOptions(TABLE, ["--lr", "1e-3", "--strict", "--steps=7"]);
  assert.deepEqual([given.lr, given.strict, given.steps], [1e-3, true, 7]);
});

Deno.test("readOptions() takes negative numbers with a space or an equals sign before them", () => {
  const shift = (...args: string[]) =>
    readOptions({ shift: { type: "number", help: "how far" } }, args).shift;
  for (const value of ["-1.8", "-.5", "-2e-3", "0", "3"]) {
    assert.equal(shift("--shift", value), Number(value));
    assert.equal(shift(`--shift=${value}`), Number(value));
  }
  assert.throws(
    () => readOptions(TABLE, ["--lr", "-1"]),
    /--lr as it must be a number from 0 to 1: current value is -1/,
  );
  assert.throws(() => readOptions(TABLE, ["--strict", "-1"]), UsageError);
});

Deno.test("readOptions() refuses unknown options and values out of range", () => {
  for (
    const args of [
      ["--lrr", "1"],
      ["--lr", "2"],
      ["--lr", "abc"],
      ["--more", "Infinity", "--strict"],
      ["--steps", "1.5"],
      ["--preset", "huge"],
      ["more"],
    ]
  ) {
    assert.throws(() => readOptions(TABLE, args), UsageError, args.join(" "));
  }
});

Deno.test("readOptions() refuses options that say nothing beside the others", () => {
  assert.throws(() => readOptions(TABLE, ["--more", "3"]), {
    message: "Cannot use --more as it goes with --strict: add that",
  });
  assert.throws(() => readOptions(TABLE, ["--strict", "--lax"]), {
    message:
      "Cannot use --lax as it takes the place of --strict: leave one of them out",
  });
  assert.equal(readOptions(TABLE, ["--more", "2"]).more, 2);
  assert.equal(readOptions(TABLE, ["--strict", "--more", "3"]).more, 3);
});

Deno.test("readOptions() reads a JSON file, which the command line overrides", async () => {
  await withFile('{"lr": 0.5, "steps": 9, "strict": true}', (path) => {
    const args = ["--config", path, "--steps", "3"];
    const { lr, steps, strict, preset } = readOptions(TABLE, args);
    assert.deepEqual([lr, steps, strict, preset], [0.5, 3, true, "emoji"]);
  });
});

Deno.test("readOptions() lets an option take the place of those of a JSON file", async () => {
  await withFile('{"strict": true, "steps": 7}', (path) => {
    const plain = readOptions(TABLE, ["--config", path, "--no-strict"]);
    assert.deepEqual([plain.strict, plain.steps], [false, 7]);
    const lax = readOptions(TABLE, ["--config", path, "--lax"]);
    assert.deepEqual([lax.strict, lax.lax], [false, true]);
  });
});

Deno.test("readOptions() takes a number of a JSON file for a text, as the command line does", async () => {
  await withFile('{"scales": 2.5}', (path) => {
    const table = {
      ...TABLE,
      scales: { type: "string", default: "1", help: "" },
    } as const;
    assert.equal(readOptions(table, ["--config", path]).scales, "2.5");
  });
});

Deno.test("readOptions() names the file and the option that are wrong", async () => {
  const cases: [text: string, message: RegExp][] = [
    ['{"lr": 2}', /--lr .* from 0 to 1: current value is 2/],
    ['{"lr": "0.5"}', /\.json as lr must be a number: .*"0\.5"/],
    ['{"strict": "yes"}', /\.json as strict must be a boolean/],
    ['{"lrr": 1}', /\.json as lrr is no option/],
    ['{"config": "x"}', /\.json as config is no option/],
    ['{"toString": "x"}', /\.json as toString is no option/],
    ["[]", /\.json as it must be a JSON object/],
    ["{", /\.json: /],
  ];
  for (const [text, message] of cases) {
    await withFile(text, (path) => {
      assert.throws(
        () => readOptions(TABLE, ["--config", path]),
        (error) => error instanceof UsageError && message.test(error.message),
        text,
      );
    });
  }
  assert.throws(
    () => readOptions(TABLE, ["--config", "none.json"]),
    /none\.json/,
  );
});

Deno.test("helpText() lists every option with its default", () => {
  const text = helpText("Does things.", TABLE);
  for (const name of Object.keys(TABLE)) assert(text.includes(`--${name}`));
  assert.match(text, /--preset emoji\|tiny +which \(default emoji\)/);
  assert.match(text, /--strict +be strict\n/);
});

import assert from "node:assert/strict";
import { readConfig } from "../../edge/config.ts";

const read = (variables: Record<string, string>) =>
  readConfig((name) => variables[name], {
    modelsDir: "models",
    engines: ["wasm", "native"],
  });

Deno.test("readConfig() has a default for everything", () => {
  assert.deepEqual(read({}), {
    port: 8000,
    host: "localhost",
    modelsDir: "models",
    engine: "wasm",
    cacheBytes: 32 * 2 ** 20,
    workers: 0,
    queue: 64,
    deadlineMs: 30_000,
    evaluations: 400,
    rate: 0,
    trustProxy: false,
    tokens: [],
    signingKeys: [],
    log: false,
  });
  assert.deepEqual(read({ PORT: "" }).port, 8000);
});

Deno.test("readConfig() reads the environment and names what is wrong", () => {
  const config = read({
    PORT: "0",
    HOST: "0.0.0.0",
    MODELS_DIR: "/m",
    MODEL: "x",
    ENGINE: "native",
    CACHE_MB: "1",
    WORKERS: "3",
    QUEUE: "0",
    DEADLINE_S: "2",
    MAX_EVALUATIONS: "50",
    RATE: "5",
    TRUST_PROXY: "1",
    TOKENS: "a,,b",
    SIGNING_KEYS: "k",
    LOG: "1",
  });
  assert.deepEqual(config, {
    port: 0,
    host: "0.0.0.0",
    modelsDir: "/m",
    model: "x",
    engine: "native",
    cacheBytes: 2 ** 20,
    workers: 3,
    queue: 0,
    deadlineMs: 2000,
    evaluations: 50,
    rate: 5,
    trustProxy: true,
    tokens: ["a", "b"],
    signingKeys: ["k"],
    log: true,
  });
  assert.throws(
    () => read({ PORT: "80a" }),
    /PORT must be an integer from 0 to 65535: current value is 80a/,
  );
  assert.equal(read({ ENGINE: "auto" }).engine, "wasm");
  assert.throws(
    () => read({ ENGINE: "webgpu" }),
    /ENGINE must be one of auto, wasm, native on this host: current value is webgpu/,
  );
  assert.throws(() => read({ PORT: "65536" }), /PORT must be/);
});

Deno.test("readConfig() trims what lists hold, and refuses lists of nothing", () => {
  const { tokens, signingKeys } = read({
    TOKENS: " a, b ,,c\n",
    SIGNING_KEYS: "k , l",
  });
  assert.deepEqual(tokens, ["a", "b", "c"]);
  assert.deepEqual(signingKeys, ["k", "l"]);
  for (const nothing of [",", " ", " , "]) {
    assert.throws(
      () => read({ TOKENS: nothing }),
      /TOKENS must name one at least: current value is/,
    );
    assert.throws(() => read({ SIGNING_KEYS: nothing }), /SIGNING_KEYS must/);
  }
});

Deno.test("readConfig() refuses tokens that no header can hold, and keeps them secret", () => {
  for (const token of ["p@ss!", "two words", "pässword", "x".repeat(513)]) {
    assert.throws(() => read({ TOKENS: `good,${token}` }), (error) => {
      assert.ok(error instanceof RangeError);
      assert.match(
        error.message,
        /^Cannot start as each of TOKENS must be 1 to 512 of the characters A-Z.*: current value is number 2 of them/,
      );
      assert.ok(!error.message.includes(token));
      return true;
    });
  }
  const tokens = ["aZ0._~+/=-", "x".repeat(512)];
  assert.deepEqual(read({ TOKENS: tokens.join() }).tokens, tokens);
});

import assert from "node:assert/strict";
import { readConfig } from "../../edge/config.ts";

const read = (variables: Record<string, string>) =>
  readConfig((name) => variables[name], { modelsDir: "models" });

Deno.test("readConfig() has a default for everything", () => {
  assert.deepEqual(read({}), {
    port: 8000,
    host: "localhost",
    modelsDir: "models",
    cacheBytes: 32 * 2 ** 20,
  });
  assert.deepEqual(read({ PORT: "" }).port, 8000);
});

Deno.test("readConfig() reads the environment and names what is wrong", () => {
  const config = read({
    PORT: "0",
    HOST: "0.0.0.0",
    MODELS_DIR: "/m",
    MODEL: "x",
    CACHE_MB: "1",
  });
  assert.deepEqual(config, {
    port: 0,
    host: "0.0.0.0",
    modelsDir: "/m",
    model: "x",
    cacheBytes: 2 ** 20,
  });
  assert.throws(
    () => read({ PORT: "80a" }),
    /PORT must be an integer from 0 to 65535: current value is 80a/,
  );
  assert.throws(() => read({ PORT: "65536" }), /PORT must be/);
});

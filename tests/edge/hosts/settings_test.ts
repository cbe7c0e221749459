import assert from "node:assert/strict";
import { settings } from "../../../edge/hosts/settings.ts";

Deno.test("settings() prefers arguments to the environment", () => {
  const setting = settings(
    ["--engine", "native", "--models-dir=/m"],
    (name) => `${name} of the environment`,
  );
  assert.equal(setting("ENGINE"), "native");
  assert.equal(setting("MODELS_DIR"), "/m");
  assert.equal(setting("PORT"), "PORT of the environment");
});

Deno.test("settings() refuses what is no setting, and secrets", () => {
  const env = () => undefined;
  assert.throws(() => settings(["--engin", "native"], env), /--engin/);
  assert.throws(() => settings(["native"], env), /native/);
  assert.throws(() => settings(["--tokens", "a"], env), /--tokens/);
});

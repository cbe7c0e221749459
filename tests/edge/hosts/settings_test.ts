import assert from "node:assert/strict";
import { VARIABLES } from "../../../edge/config.ts";
import { helpAsked, settings } from "../../../edge/hosts/settings.ts";

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

Deno.test("helpAsked() lists every setting, secrets as variables alone", () => {
  assert.equal(helpAsked(["--port", "1"]), undefined);
  const help = helpAsked(["--help"])!;
  for (const name of Object.keys(VARIABLES)) {
    const isSecret = ["TOKENS", "SIGNING_KEYS"].includes(name);
    const flag = `--${name.toLowerCase().replace("_", "-")} `;
    assert.equal(help.includes(`  ${name} `), isSecret, name);
    assert.equal(help.includes(`  ${flag}`), !isSecret, flag);
  }
  assert.equal(helpAsked(["-h"]), help);
});

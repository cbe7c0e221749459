/**
 * Runs schemathesis (PyPI) with all checks against a server with a tiny model: `deno task fuzz [cases an operation]`.
 *
 * @module
 */

import { fileURLToPath } from "node:url";
import { tinyModel } from "../edge/tiny_model.ts";

const ROOT = fileURLToPath(new URL("../..", import.meta.url));
const [cases = "600"] = Deno.args;
const program = Deno.env.get("SCHEMATHESIS") ?? "schemathesis";

const models = await Deno.makeTempDir();
const { configText, onnx } = tinyModel();
await Deno.mkdir(`${models}/tiny`);
await Deno.writeTextFile(`${models}/tiny/config.json`, configText);
await Deno.writeFile(`${models}/tiny/model.onnx`, onnx);
const server = new Deno.Command(Deno.execPath(), {
  args: ["run", "--unstable-no-legacy-abort", "-A", "edge/hosts/deno.ts"],
  cwd: ROOT,
  env: { PORT: "0", MODELS_DIR: models },
  stdout: "piped",
}).spawn();
let code = 1;
try {
  const reader = server.stdout.pipeThrough(new TextDecoderStream()).getReader();
  const { value = "" } = await reader.read();
  const [url] = /http:\/\/\S+:\d+/.exec(value) ?? [];
  ({ code } = await new Deno.Command(program, {
    args: [
      "--config-file",
      `${ROOT}/tests/fuzz/schemathesis.toml`,
      "run",
      `${url}/openapi.json`,
      "--phases=examples,coverage,fuzzing",
      `--max-examples=${cases}`,
      "--continue-on-failure",
      "--no-color",
    ],
    cwd: models, // where it keeps its notes
  }).output().then(({ code, stdout, stderr }) => {
    Deno.stdout.writeSync(stdout);
    Deno.stderr.writeSync(stderr);
    return { code };
  }).catch(() => {
    console.error(
      `Cannot run ${program}: install it with "pip install schemathesis" or name it in SCHEMATHESIS`,
    );
    return { code: 1 };
  }));
} finally {
  server.kill("SIGTERM");
  await server.status;
  await Deno.remove(models, { recursive: true });
}
Deno.exit(code);

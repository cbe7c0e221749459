/**
 * Runs schemathesis (PyPI) with all checks against a server with a tiny model: `deno task fuzz --help`.
 *
 * @module
 */

import { fileURLToPath } from "node:url";
import { runProgram } from "../../train/options.ts";
import { tinyModels } from "../edge/hosts/model_folders.ts";
import { startServer } from "../edge/server_process.ts";

const OPTIONS = {
  cases: {
    type: "number",
    default: 600,
    integer: true,
    min: 1,
    help: "random requests an operation, beside those of its examples",
  },
  seed: {
    type: "number",
    default: 1,
    integer: true,
    min: 0,
    help: "seed of the random requests",
  },
  program: {
    type: "string",
    default: "schemathesis",
    help: "path of schemathesis (pip install schemathesis)",
  },
} as const;

const SETTINGS = fileURLToPath(new URL("schemathesis.toml", import.meta.url));

if (import.meta.main) {
  await runProgram(
    "Tests the API with random requests.",
    OPTIONS,
    async ({ cases, seed, program }) => {
      await using models = await tinyModels();
      await using server = await startServer({
        modelsDir: models.modelsDir,
        variables: { DEADLINE_S: "600" }, // how fast the machine is, is not asked here
      });
      let most = 0;
      const sampler = setInterval(
        async () => most = Math.max(most, await server.memory()),
        1000,
      );
      const { code } = await schemathesis(program, [
        "--config-file",
        SETTINGS,
        "run",
        `${server.url}/openapi.json`,
        "--phases=examples,coverage,fuzzing",
        `--max-examples=${cases}`,
        `--seed=${seed}`,
        "--continue-on-failure",
        "--no-color",
      ], models.root);
      clearInterval(sampler);
      console.log(
        `memory of the server: at most ${(most / 2 ** 20).toFixed(0)} MiB`,
      );
      Deno.exitCode = code;
    },
  );
}

/** Runs schemathesis in `cwd`, where it keeps its notes. */
async function schemathesis(
  program: string,
  args: string[],
  cwd: string,
): Promise<Deno.CommandStatus> {
  try {
    return await new Deno.Command(program, { args, cwd }).spawn().status;
  } catch (error) {
    if (!(error instanceof Deno.errors.NotFound)) throw error;
    throw new Error(
      `Cannot run ${program}: install it with "pip install schemathesis" or name it with --program`,
    );
  }
}

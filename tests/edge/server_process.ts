import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

const ROOT = fileURLToPath(new URL("../../", import.meta.url));

/** Options for {@linkcode startServer}. */
export interface ServerOptions {
  /** Folder with the models, which the server may read too. */
  modelsDir: string;
  /**
   * Settings as environment variables.
   * @default {{}}
   */
  variables?: Record<string, string>;
  /**
   * The task of deno.json that starts it.
   * @default {"start"}
   */
  task?: string;
  /**
   * Program and its arguments that start the server instead, `%` standing for the task's.
   * @default {["%"]}
   */
  wrapper?: readonly string[];
}

/** A server in a process of its own. */
export interface ServerProcess extends AsyncDisposable {
  /** Its process. */
  readonly child: Deno.ChildProcess;
  /** Where it listens, e.g. `http://localhost:8000`; "undefined" where it did not start. */
  readonly url: string;
  /** What it wrote to the standard error, once it has ended. */
  readonly errors: Promise<string>;
  /** Bytes of memory that it has in use (Linux). */
  memory(): Promise<number>;
}

/** The arguments of a task: its permissions and its program. */
async function taskArguments(task: string): Promise<string[]> {
  const { tasks } = JSON.parse(await readFile(join(ROOT, "deno.json"), "utf8"));
  const [, ...args] = (tasks[task].command as string).split(" ");
  return args;
}

/** Starts what `deno task start` starts, with its permissions, on a free port. */
export async function startServer(
  { modelsDir, variables = {}, task = "start", wrapper = ["%"] }: ServerOptions,
): Promise<ServerProcess> {
  const args = (await taskArguments(task)).map((arg) =>
    arg === "--allow-read=." ? `--allow-read=.,${modelsDir}` : arg
  );
  const [program, ...rest] = wrapper.flatMap((part) =>
    part === "%" ? [Deno.execPath(), ...args] : [part]
  );
  const child = new Deno.Command(program!, {
    args: rest,
    cwd: ROOT,
    env: { PORT: "0", MODELS_DIR: modelsDir, ...variables },
    stdout: "piped",
    stderr: "piped",
  }).spawn();
  const errors = new Response(child.stderr).text();
  const reader = child.stdout.pipeThrough(new TextDecoderStream()).getReader();
  const { value = "" } = await reader.read();
  await reader.cancel();
  const [url] = /http:\/\/\S+:\d+/.exec(value) ?? [];
  return {
    child,
    url: String(url),
    errors,
    async memory() {
      const status = await readFile(`/proc/${child.pid}/status`, "utf8");
      return Number(/VmRSS:\s+(\d+) kB/.exec(status)![1]) * 1024;
    },
    async [Symbol.asyncDispose]() {
      try {
        child.kill("SIGKILL");
      } catch {
        // it has ended
      }
      await child.status;
      await errors;
    },
  };
}

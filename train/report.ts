/**
 * Shows how a run goes: `deno task report --help`.
 *
 * @module
 */

import { join } from "node:path";
import { type OptionTable, runProgram, UsageError } from "./options.ts";
import { buildReport, writeReport } from "./report/write_report.ts";

const OPTIONS = {
  run: { type: "string", help: "folder of the run (default the last in runs)" },
  host: {
    type: "string",
    default: "localhost",
    help: "address to serve at",
  },
  port: {
    type: "number",
    integer: true,
    default: 8001,
    min: 0,
    max: 65535,
    help: "port to serve at; 0 for any that is free",
  },
  write: {
    type: "boolean",
    help: "write report.html into the run's folder instead of serving it",
  },
} as const satisfies OptionTable;

/** The run in `root` whose log was written last. */
async function newestRun(root: string): Promise<string> {
  let newest: { folder: string; time: number } | undefined;
  try {
    for await (const { name } of Deno.readDir(root)) {
      const folder = join(root, name);
      const stat = await Deno.stat(join(folder, "log.jsonl")).catch(() => null);
      const time = stat?.mtime?.getTime() ?? 0;
      if (time > (newest?.time ?? 0)) newest = { folder, time };
    }
  } catch (error) {
    if (!(error instanceof Deno.errors.NotFound)) throw error;
  }
  if (newest !== undefined) return newest.folder;
  throw new UsageError(
    `Cannot report as --run must name the folder of a run: current value is none, and ${root} holds none`,
  );
}

/** Answers `/` with the report as it is now. */
async function answer(request: Request, run: string): Promise<Response> {
  if (new URL(request.url).pathname !== "/") {
    return new Response("not found\n", { status: 404 });
  }
  try {
    return new Response(await buildReport(run), {
      headers: {
        "content-type": "text/html; charset=utf-8",
        "cache-control": "no-store",
      },
    });
  } catch (error) {
    return new Response(`${(error as Error).message}\n`, { status: 500 });
  }
}

await runProgram(
  "Serves a page that shows how a run goes and refreshes itself.",
  OPTIONS,
  async ({ run, host, port, write }) => {
    const folder = run ?? await newestRun("runs");
    if (write) {
      await writeReport(folder);
      console.log(join(folder, "report.html"));
      return;
    }
    await buildReport(folder);
    const server = Deno.serve({
      hostname: host,
      port,
      onListen: ({ port }) =>
        console.log(`report of ${folder}: http://${host}:${port}/`),
    }, (request) => answer(request, folder));
    await server.finished;
  },
);

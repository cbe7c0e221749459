import assert from "node:assert/strict";
import { existsSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

const ROOT = fileURLToPath(new URL("../../../", import.meta.url));

/** The Dockerfile's instructions, each on one line. */
async function instructions(): Promise<string[]> {
  const text = await readFile(join(ROOT, "Dockerfile"), "utf8");
  return text.replaceAll(/\\\n\s*/g, "").split("\n").map((line) => line.trim())
    .filter((line) => line !== "");
}

Deno.test("Dockerfile copies files that exist and that .dockerignore lets through", async () => {
  const allowed = (await readFile(join(ROOT, ".dockerignore"), "utf8"))
    .split("\n").filter((line) => line.startsWith("!")).map((line) =>
      line.slice(1)
    );
  for (const line of await instructions()) {
    const [, sources] = /^COPY (?!--from)(.+) \S+$/.exec(line) ?? [];
    for (const source of sources?.split(" ") ?? []) {
      assert.ok(existsSync(join(ROOT, source)), source);
      assert.ok(allowed.includes(source), `${source} is ignored`);
    }
  }
});

Deno.test("Dockerfile runs what deno task start runs, not as root, and has a health check", async () => {
  const lines = await instructions();
  const { tasks } = JSON.parse(await readFile(join(ROOT, "deno.json"), "utf8"));
  const [, ...args] = tasks.start.command.split(" ");
  const command = lines.at(-1)!;
  assert.deepEqual(JSON.parse(command.replace(/^CMD /, "")), args);
  assert.ok(lines.includes("USER deno"));
  assert.ok(lines.some((line) => /^HEALTHCHECK .*\/readyz/.test(line)));
});

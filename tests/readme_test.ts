import assert from "node:assert/strict";

const ROOT = new URL("../", import.meta.url);
const readme = await Deno.readTextFile(new URL("README.md", ROOT));

/** Paths of the file tree in the README; two spaces of indentation a level. */
function listedPaths(): string[] {
  const tree = readme.split("```").find((block) =>
    /^\ndeno\.json/.test(block)
  )!;
  const open: string[] = [];
  return tree.trim().split("\n").map((line) => {
    const [, indent, name] = line.match(/^( *)(\S+)/)!;
    open.length = indent!.length / 2;
    open.push(name!);
    return open.join("");
  });
}

Deno.test("every path of the README's tree exists", async () => {
  for (const path of listedPaths()) await Deno.stat(new URL(path, ROOT));
});

Deno.test("every folder of the three parts is in the README's tree", async () => {
  const listed = new Set(listedPaths());
  for (const part of ["shared/", "train/", "edge/"]) {
    for await (const entry of Deno.readDir(new URL(part, ROOT))) {
      if (
        !entry.isDirectory || entry.name.startsWith(".") ||
        entry.name === "node_modules"
      ) continue;
      assert(listed.has(`${part}${entry.name}/`), `${part}${entry.name}/`);
    }
  }
});

Deno.test("every task the README names exists", async () => {
  const { tasks } = JSON.parse(
    await Deno.readTextFile(new URL("deno.json", ROOT)),
  );
  for (const [, name] of readme.matchAll(/deno(?:@[\d.]+)? task (\w+)/g)) {
    assert(name! in tasks, `task ${name}`);
  }
});

Deno.test("every local link of the README leads somewhere", async () => {
  for (const [, path] of readme.matchAll(/\]\((?!https?:)([^)#]+)/g)) {
    await Deno.stat(new URL(path!, ROOT));
  }
});

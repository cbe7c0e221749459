import assert from "node:assert/strict";

/** Data flows one way, so imports do too: train → shared ← edge. */
const ALLOWED: Record<string, readonly string[]> = {
  shared: ["shared"],
  train: ["train", "shared"],
  edge: ["edge", "shared"],
};
const ROOT = new URL("../", import.meta.url);

async function sources(dir: URL): Promise<URL[]> {
  const found: URL[] = [];
  for await (const { name, isDirectory } of Deno.readDir(dir)) {
    if (isDirectory) found.push(...await sources(new URL(`${name}/`, dir)));
    else if (name.endsWith(".ts")) found.push(new URL(name, dir));
  }
  return found;
}

/** Specifiers of every module that the code of `source` imports, as Deno resolves them. */
async function imports(source: URL): Promise<{ from: string; to: string }[]> {
  const { stdout } = await new Deno.Command(Deno.execPath(), {
    args: ["info", "--json", source.href],
    cwd: ROOT,
    stderr: "null",
  }).output();
  const { modules } = JSON.parse(new TextDecoder().decode(stdout)) as {
    modules: {
      specifier: string;
      dependencies?: { code?: { specifier?: string } }[];
    }[];
  };
  return modules.flatMap(({ specifier, dependencies = [] }) =>
    dependencies.map(({ code }) => ({
      from: specifier,
      to: code?.specifier ?? "",
    }))
  );
}

/** Modules of a layer and all that they reach, with what each imports. */
async function layerImports(layer: string): Promise<Map<string, Set<string>>> {
  const graph = new Map<string, Set<string>>();
  const pending = new Set(
    (await sources(new URL(`${layer}/`, ROOT))).map(({ href }) => href),
  );
  for (const href of pending) {
    if (graph.has(href)) continue;
    graph.set(href, new Set());
    for (const { from, to } of await imports(new URL(href))) {
      if (!graph.has(from)) graph.set(from, new Set());
      graph.get(from)!.add(to);
    }
  }
  return graph;
}

function layerOf(specifier: string): string | undefined {
  if (!specifier.startsWith(ROOT.href)) return undefined;
  const [first] = specifier.slice(ROOT.href.length).split("/");
  return first === "node_modules" ? undefined : first;
}

for (const [layer, allowed] of Object.entries(ALLOWED)) {
  Deno.test(`${layer}/ imports only ${allowed.join(" and ")}`, async () => {
    for (const [from, targets] of await layerImports(layer)) {
      for (const to of targets) {
        const target = layerOf(to);
        if (layerOf(from) !== layer || target === undefined) continue;
        assert(allowed.includes(target), `${from} imports ${to}`);
      }
    }
  });
}

Deno.test("shared/ imports no package and uses no Deno API", async () => {
  for (const source of await sources(new URL("shared/", ROOT))) {
    const text = await Deno.readTextFile(source);
    const code = text.replace(/\/\*[\s\S]*?\*\/|\/\/.*/g, "");
    assert(!/\bDeno\./.test(code), source.href);
    for (const [, specifier] of code.matchAll(/ from "([^"]+)"/g)) {
      assert(/^\.\.?\//.test(specifier!), `${source.href}: ${specifier}`);
    }
  }
});

Deno.test("programs of train/ are imported by nothing", async () => {
  const programs = new Set(
    (await sources(new URL("train/", ROOT)))
      .filter(({ href }) =>
        /\brunProgram\(|import\.meta\.main/.test(
          Deno.readTextFileSync(new URL(href)),
        )
      )
      .map(({ href }) => href)
      .filter((href) => !href.endsWith("/options.ts")),
  );
  assert(programs.size > 0);
  for (const [from, targets] of await layerImports("train")) {
    for (const to of targets) {
      assert(!programs.has(to), `${from} imports the program ${to}`);
    }
  }
});

import { createApp } from "../../../edge/app.ts";
import { wasmEngine } from "../../../edge/engines/wasm.ts";
import { localRenderer } from "../../../edge/render/local_renderer.ts";
import { readModelFolders } from "../../../edge/models/model_folder.ts";

/** What Deno answers, for other hosts to be compared with. */
export async function denoAnswers(
  modelsDir: string,
  paths: readonly string[],
): Promise<{ etag: string | null; bytes: Uint8Array }[]> {
  const folders = await readModelFolders(modelsDir);
  const renderer = localRenderer(() =>
    Promise.all(folders.map(async ({ config, readOnnx }) => ({
      config,
      engine: await wasmEngine(config, await readOnnx()),
    })))
  );
  const app = createApp({
    models: folders.map((folder) => ({ ...folder, engine: "wasm" })),
    renderer,
  });
  const answers = [];
  for (const path of paths) {
    const response = await app.fetch(new Request(`http://deno.test${path}`));
    answers.push({
      etag: response.headers.get("etag"),
      bytes: await response.bytes(),
    });
  }
  await renderer.close();
  return answers;
}

/** Pictures that reach every part of the sampler that could differ between hosts. */
export const PATHS = [
  "/emoji?seed=42",
  "/emoji?seed=hello&prompt=red+heart&style=noto&steps=7&guidance=3",
  "/emoji?seed=7&steps=5&sampler=ddpm&size=100",
  "/emoji.png?seed=9007199254740989&n=3&background=fc0",
];

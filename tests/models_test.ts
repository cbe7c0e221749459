import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { fileURLToPath } from "node:url";
import { filesOf } from "../shared/model/config.ts";
import { createApp } from "../edge/app.ts";
import { wasmEngine } from "../edge/engines/wasm.ts";
import { loadModels } from "../edge/models/load_models.ts";
import { localRenderer } from "../edge/render/local_renderer.ts";
import {
  type ModelFolder,
  readModelFolders,
} from "../edge/models/model_folder.ts";

/**
 * SHA-256 of pictures of the shipped models, by path. They were drawn by these very models with onnxruntime-web 1.30 (WASM, one
 * thread); `UPDATE_PICTURES=1 deno test -A tests/models_test.ts` draws them anew when a model is replaced.
 */
const PICTURES = new URL("testdata/pictures.json", import.meta.url);
const MODELS = new URL("../models/", import.meta.url);
const MAX_BYTES = 8e6;
const QUERIES = [
  "seed=42&steps=50",
  "seed=42",
  "seed=cat&steps=1&sampler=heun",
];

const folders = await readModelFolders(fileURLToPath(MODELS));

async function draw(folder: ModelFolder, query: string): Promise<string> {
  const renderer = localRenderer(() => loadModels([folder], wasmEngine));
  const app = createApp({
    models: [{ ...folder, engine: "wasm" }],
    renderer,
    queue: { deadlineMs: 600_000 }, // however busy the machine is
  });
  const response = await app.fetch(
    new Request(`http://localhost/emoji?${query}`),
  );
  assert.equal(response.status, 200);
  const bytes = await response.bytes();
  await renderer.close();
  return createHash("sha256").update(bytes).digest("hex");
}

const updating = Deno.env.get("UPDATE_PICTURES") !== undefined;
const golden: Record<string, string> = updating
  ? {}
  : JSON.parse(await Deno.readTextFile(PICTURES));

for (const folder of folders) {
  const { config, readOnnx } = folder;

  Deno.test(`models/${config.name} is whole, small and has a card`, async () => {
    let bytes = 0;
    for (const file of filesOf(config)) {
      const onnx = await readOnnx(file); // checks the SHA-256
      assert.equal(onnx.length, file.bytes);
      bytes += onnx.length;
    }
    assert(bytes <= MAX_BYTES);
    const card = await Deno.readTextFile(
      new URL(`${config.name}/README.md`, MODELS),
    );
    for (const line of config.attribution) {
      const [, address] = line.match(/(https?:\S+)$/)!;
      assert(card.includes(address!), `The card does not name ${address}`);
    }
  });

  for (const query of QUERIES) {
    Deno.test({
      name:
        `models/${config.name} draws the picture it always drew for ${query}`,
      // The session of onnxruntime-web lives as long as the process.
      sanitizeOps: false,
      sanitizeResources: false,
      async fn() {
        const key = `${config.name}?${query}`;
        const sha256 = await draw(folder, query);
        if (updating) {
          golden[key] = sha256;
          await Deno.writeTextFile(
            PICTURES,
            JSON.stringify(golden, null, 2) + "\n",
          );
        }
        assert.equal(sha256, golden[key]);
      },
    });
  }
}

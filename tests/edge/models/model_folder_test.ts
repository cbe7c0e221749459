import assert from "node:assert/strict";
import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { readModelFolders } from "../../../edge/models/model_folder.ts";
import { tinyModel } from "../tiny_model.ts";

/** Runs `test` with a folder that holds the models `names`. */
async function withModels(
  names: string[],
  test: (root: string) => Promise<void>,
): Promise<void> {
  const root = await mkdtemp(join(tmpdir(), "models-"));
  try {
    for (const name of names) {
      const { configText, onnx } = tinyModel(name);
      await mkdir(join(root, name));
      await writeFile(join(root, name, "config.json"), configText);
      await writeFile(join(root, name, "model.onnx"), onnx);
    }
    await test(root);
  } finally {
    await rm(root, { recursive: true });
  }
}

Deno.test("readModelFolders() finds the models and puts the chosen one first", () =>
  withModels(["b", "a"], async (root) => {
    await mkdir(join(root, "notes"));
    const names = async (first?: string) =>
      (await readModelFolders(root, first)).map(({ config }) => config.name);
    assert.deepEqual(await names(), ["a", "b"]);
    assert.deepEqual(await names("b"), ["b", "a"]);
    await assert.rejects(
      names("c"),
      /MODEL must be one of a, b: current value is c/,
    );
    const [model] = await readModelFolders(root);
    assert.deepEqual(
      new Uint8Array(await model!.readOnnx()),
      tinyModel("a").onnx,
    );
  }));

Deno.test("readModelFolders() reads parts of a network that is sound, checked once for all who ask", () =>
  withModels(["a", "b"], async (root) => {
    await writeFile(join(root, "b", "model.onnx"), "another network");
    const [sound, broken] = await readModelFolders(root);
    const { digest } = crypto.subtle;
    let digests = 0;
    crypto.subtle.digest = (...args) => {
      digests++;
      return digest.apply(crypto.subtle, args);
    };
    try {
      const { onnx } = tinyModel("a");
      const parts = await Promise.all(
        [0, 10, 20].map((start) =>
          sound!.readSlice(sound!.config.model, start, start + 10)
        ),
      );
      assert.deepEqual(
        new Uint8Array(parts.flatMap((part) => [...part])),
        onnx.slice(0, 30),
      );
      assert.equal(digests, 1);
    } finally {
      crypto.subtle.digest = digest;
    }
    await assert.rejects(
      broken!.readSlice(broken!.config.model, 0, 10),
      /SHA-256 must be/,
    );
  }));

Deno.test("readModelFolders() checks the SHA-256 of a network once", () =>
  withModels(["a"], async (root) => {
    const digest = crypto.subtle.digest;
    let digests = 0;
    crypto.subtle.digest = (...args) => {
      digests++;
      return digest.apply(crypto.subtle, args);
    };
    try {
      const [model] = await readModelFolders(root);
      const { onnx } = tinyModel("a");
      for (let k = 0; k < 3; k++) {
        assert.deepEqual(await model!.readOnnx(), onnx);
      }
      assert.equal(digests, 1);
    } finally {
      crypto.subtle.digest = digest;
    }
  }));

Deno.test("readModelFolders() puts the largest pictures first", () =>
  withModels(["a", "b"], async (root) => {
    const { configText } = tinyModel("b", 2);
    await writeFile(join(root, "b", "config.json"), configText);
    const folders = await readModelFolders(root);
    assert.deepEqual(folders.map(({ config }) => config.name), ["b", "a"]);
  }));

Deno.test("readModelFolders() names the file that is missing or broken", () =>
  withModels(["a"], async (root) => {
    await assert.rejects(
      readModelFolders(join(root, "none")),
      /none must be a folder/,
    );
    await mkdir(join(root, "empty"));
    await assert.rejects(
      readModelFolders(join(root, "empty")),
      /must hold a model/,
    );

    const [model] = await readModelFolders(root);
    await writeFile(join(root, "a", "model.onnx"), "broken");
    await assert.rejects(
      model!.readOnnx(),
      /model\.onnx as its SHA-256 must be [0-9a-f]{64}: current value is/,
    );
    await rm(join(root, "a", "model.onnx"));
    await assert.rejects(
      model!.readOnnx(),
      /Cannot read network .*model\.onnx/,
    );

    await writeFile(join(root, "a", "config.json"), '{"version": 2}');
    await assert.rejects(
      readModelFolders(root),
      /config\.json: .*\$\.version must be 1/,
    );
    await writeFile(join(root, "a", "config.json"), "{");
    await assert.rejects(readModelFolders(root), /Cannot use .*config\.json/);
  }));

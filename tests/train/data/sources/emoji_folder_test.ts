import assert from "node:assert/strict";
import { join } from "node:path";
import { encodePng } from "@emoji/diffusion/png";
import { collect } from "../../../../train/data/collect.ts";
import {
  conceptOfFile,
  emojiFolderSource,
} from "../../../../train/data/sources/emoji_folder.ts";

const PNG = await encodePng({
  width: 2,
  height: 2,
  rgba: new Uint8Array(16).fill(255),
});

async function withFolder(
  names: string[],
  test: (dir: string) => Promise<void>,
) {
  const dir = await Deno.makeTempDir();
  try {
    for (const name of names) await Deno.writeFile(join(dir, name), PNG);
    await test(dir);
  } finally {
    await Deno.remove(dir, { recursive: true });
  }
}

Deno.test("emojiFolderSource() labels files named by code points and leaves out variants and others", () =>
  withFolder([
    "1f600.png",
    "1F44B-1F3FF.png",
    "2764-fe0f.png",
    "logo.png",
    "1f1eb-1f1f7.png",
  ], async (dir) => {
    const source = await emojiFolderSource(dir, { style: "mine" });
    const { dataset: { manifest } } = await collect(source, { size: 2 });
    const seen = manifest.pictures.map((
      { label, style, subgroup },
    ) => [label, style, subgroup]);
    assert.deepEqual(seen, [["grinning face", "mine", "face-smiling"], [
      "red heart",
      "mine",
      "heart",
    ]]);
  }));

Deno.test("emojiFolderSource() reads only what is asked for", () =>
  withFolder(["1f600.png", "2764.png"], async (dir) => {
    const source = await emojiFolderSource(dir, { only: ["face-"] });
    assert.equal(source.total, 1);
    await assert.rejects(
      emojiFolderSource(dir, { only: ["food-"] }),
      /must hold/,
    );
    await assert.rejects(
      emojiFolderSource(dir, { only: ["fool-"] }),
      /must begin with the given text: current value is fool-/,
    );
  }));

Deno.test("conceptOfFile() reads the usual ways to write code points", () => {
  const expected = {
    "1f600.png": "1f600",
    "64/1F468-200D-2764-FE0F-200D-1F468.png": "1f468-200d-2764-200d-1f468",
    "emoji_u1f441_200d_1f5e8.svg": "1f441-200d-1f5e8",
    "U+1F600.webp": "1f600",
    "23-20e3.png": "0023-20e3",
    "readme.png": undefined,
  };
  for (const [file, concept] of Object.entries(expected)) {
    assert.equal(conceptOfFile(file), concept, file);
  }
});

import assert from "node:assert/strict";
import { dirname, join } from "node:path";
import { encodePng } from "@emoji/diffusion/png";
import { collect } from "../../../../train/data/collect.ts";
import {
  imageFolderSource,
  labelsOf,
} from "../../../../train/data/sources/image_folder.ts";
import { JPEG, WEBP } from "../tiny_images.ts";

const PNG = await encodePng({
  width: 2,
  height: 2,
  rgba: new Uint8Array(16).fill(255),
});
const SVG = new TextEncoder().encode(
  '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 4 4"><path fill="#f00" d="M0 0h4v4H0z"/></svg>',
);

async function withFolder(
  files: Record<string, Uint8Array>,
  test: (dir: string) => Promise<void>,
) {
  const dir = await Deno.makeTempDir();
  try {
    for (const [name, bytes] of Object.entries(files)) {
      await Deno.mkdir(dirname(join(dir, name)), { recursive: true });
      await Deno.writeFile(join(dir, name), bytes);
    }
    await test(dir);
  } finally {
    await Deno.remove(dir, { recursive: true });
  }
}

Deno.test("imageFolderSource() reads every format, recursively, a folder a class", () =>
  withFolder({
    "train/cats/tom.png": PNG,
    "train/dogs/rex.jpg": JPEG,
    "train/dogs/old/pic.WEBP": WEBP,
    "train/logo.svg": SVG,
    "test/cats/kit.png": PNG,
    "readme.txt": SVG,
  }, async (dir) => {
    const { dataset: { manifest, train, heldOut } } = await collect(
      await imageFolderSource(dir),
      { size: 2 },
    );
    const seen = manifest.pictures.map((
      { concept, group, label, split },
    ) => [concept, group, label, split]);
    assert.deepEqual(seen, [
      ["train/cats/tom.png", "cats", "tom", "train"],
      ["train/dogs/old/pic.WEBP", "dogs/old", "pic", "train"],
      ["train/dogs/rex.jpg", "dogs", "rex", "train"],
      ["train/logo.svg", undefined, "logo", "train"],
      ["test/cats/kit.png", "cats", "kit", "held-out"],
    ]);
    assert.deepEqual([train.length, heldOut.length], [4, 1]);
    assert.deepEqual(manifest.vocabularies.groups, [
      "cats",
      "dogs/old",
      "dogs",
    ]);
  }));

Deno.test("imageFolderSource() keeps transparency and crops or pads", () =>
  withFolder({ "train/wide.webp": WEBP }, async (dir) => {
    const crop = await collect(await imageFolderSource(dir), { size: 8 });
    assert.deepEqual([...crop.dataset.pictures.subarray(0, 4)], [
      200,
      30,
      40,
      255,
    ]);
    assert.deepEqual([...crop.dataset.pictures.subarray(-4)], [
      10,
      30,
      110,
      128,
    ]);
    const pad = await collect(await imageFolderSource(dir, { fit: "pad" }), {
      size: 16,
    });
    assert.deepEqual([...pad.dataset.pictures.subarray(0, 4)], [0, 0, 0, 0]);
    assert.deepEqual([...pad.dataset.pictures.subarray(256, 260)], [
      200,
      30,
      40,
      255,
    ]);
  }));

Deno.test("imageFolderSource() names a broken file and skips it", () =>
  withFolder({
    "train/a.png": PNG,
    "train/b.png": PNG.slice(0, 40),
    "train/c.jpg": new Uint8Array(),
  }, async (dir) => {
    const { dataset, skipped } = await collect(await imageFolderSource(dir), {
      size: 2,
    });
    assert.equal(dataset.manifest.counts.total, 1);
    assert.deepEqual(skipped.map(({ broken }) => broken), [
      join(dir, "train/b.png"),
      join(dir, "train/c.jpg"),
    ]);
    await assert.rejects(
      collect(await imageFolderSource(dir), { size: 2, strict: true }),
      /b\.png as it must be a sound picture/,
    );
  }));

Deno.test("imageFolderSource() says what is wrong with a folder", () =>
  withFolder({ "notes.txt": PNG }, async (dir) => {
    await assert.rejects(
      imageFolderSource(dir),
      /must hold PNG, JPEG, WebP or SVG files/,
    );
    await assert.rejects(
      imageFolderSource(join(dir, "none")),
      /none must exist: name it with --from/,
    );
  }));

Deno.test("labelsOf() divides by hash where the folders do not", () => {
  assert.deepEqual(labelsOf("cats/tom.png"), {
    concept: "cats/tom.png",
    label: "tom",
    group: "cats",
  });
});

Deno.test("labelsOf() knows the usual names of the parts, in any case, and no others", () => {
  const splitOf = (folder: string) => labelsOf(`${folder}/3/7.png`).split;
  for (const folder of ["train", "Training", "TRAIN"]) {
    assert.equal(splitOf(folder), "train", folder);
  }
  for (const folder of ["testing", "Test", "eval", "dev", "Val"]) {
    assert.equal(splitOf(folder), "held-out", folder);
  }
  for (const folder of ["constructor", "toString", "valueOf", "__proto__"]) {
    assert.deepEqual(labelsOf(`${folder}/7.png`), {
      concept: `${folder}/7.png`,
      label: "7",
      group: folder,
    });
  }
});

Deno.test("imageFolderSource() lists folders of more files than a call takes arguments", () =>
  withFolder({ "many/0.png": PNG }, async (dir) => {
    const { readDir } = Deno;
    const count = 300_000;
    Deno.readDir = async function* (path) {
      for await (const entry of readDir(path)) {
        const copies = entry.isFile ? count : 1;
        for (let i = 0; i < copies; i++) yield entry;
      }
    };
    try {
      assert.equal((await imageFolderSource(dir)).total, count);
    } finally {
      Deno.readDir = readDir;
    }
  }));

Deno.test("imageFolderSource() follows links to folders, but not in circles", () =>
  withFolder(
    { "set/dogs/rex.png": PNG, "store/tom.png": PNG },
    async (root) => {
      const dir = join(root, "set");
      const links = {
        "cats": "../store",
        "kit.png": "../store/tom.png",
        "gone": "../nothing",
        "gone.png": "../nothing.png",
        "dogs/again": "../../set",
        "../store/back": "../set/dogs",
      };
      for (const [name, target] of Object.entries(links)) {
        await Deno.symlink(target, join(dir, name));
      }
      const { dataset, skipped } = await collect(await imageFolderSource(dir), {
        size: 2,
      });
      const seen = dataset.manifest.pictures.map(({ concept }) => concept);
      assert.deepEqual(seen.sort(), [
        "cats/back/rex.png",
        "cats/tom.png",
        "dogs/rex.png",
        "kit.png",
      ]);
      assert.deepEqual(skipped.map(({ broken }) => broken), [
        join(dir, "gone.png"),
      ]);
    },
  ));

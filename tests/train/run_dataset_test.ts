import assert from "node:assert/strict";
import { encodePng } from "@emoji/diffusion/png";
import type { BrokenPicture } from "../../train/data/source.ts";
import { openRunDataset } from "../../train/run_dataset.ts";

const config = {
  size: 4,
  data: { source: "folder", name: "cats", encoding: "rgb" },
} as const;

/** A folder of two sound pictures and a broken one, for data sets below it. */
async function withPictures(
  test: (options: { root: string; from: string }) => Promise<void>,
): Promise<void> {
  const root = await Deno.makeTempDir();
  try {
    const from = `${root}/cats`;
    const png = await encodePng({
      width: 1,
      height: 1,
      rgba: new Uint8Array(4),
    });
    await Deno.mkdir(from);
    for (const name of ["kit", "tom"]) {
      await Deno.writeFile(`${from}/${name}.png`, png);
    }
    await Deno.writeFile(`${from}/torn.png`, png.subarray(0, 40));
    await test({ root, from });
  } finally {
    await Deno.remove(root, { recursive: true });
  }
}

Deno.test("openRunDataset() tells of broken pictures when it builds the data set", () =>
  withPictures(async ({ root, from }) => {
    const told: BrokenPicture[] = [];
    const open = () =>
      openRunDataset(config, {
        root,
        from,
        onSkipped: (skipped) => told.push(...skipped),
      });
    const built = await open();
    assert.equal(built.manifest.counts.total, 2);
    assert.deepEqual(told, [{
      broken: `${from}/torn.png`,
      reason: "Cannot decode the image as it must be a sound PNG",
    }]);
    assert.deepEqual(await open(), built);
    assert.equal(told.length, 1, "nothing is read again");
  }));

Deno.test("openRunDataset() tells of broken pictures that leave nothing to hold out", () =>
  withPictures(async ({ root, from }) => {
    await Deno.remove(`${from}/tom.png`);
    const told: BrokenPicture[] = [];
    await assert.rejects(
      openRunDataset(config, {
        root,
        from,
        onSkipped: (skipped) => told.push(...skipped),
      }),
      /must have pictures of two things/,
    );
    assert.equal(told.length, 1);
  }));

Deno.test("openRunDataset() refuses a source that every object has", async () => {
  const data = { ...config.data, source: "constructor" };
  await assert.rejects(
    openRunDataset({ ...config, data }, { root: "/nowhere", from: "/nowhere" }),
    /--source as it must be one of emoji, .*: current value is constructor/,
  );
});

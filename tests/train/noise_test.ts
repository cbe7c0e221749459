import assert from "node:assert/strict";
import { encodePng } from "@emoji/diffusion/png";
import { decodeImage } from "../../train/data/decode_image.ts";

async function noise(...args: string[]) {
  const { code, stderr } = await new Deno.Command(Deno.execPath(), {
    args: ["run", "-A", "train/noise.ts", ...args],
    cwd: new URL("../../", import.meta.url),
  }).output();
  return { code, stderr: new TextDecoder().decode(stderr) };
}

Deno.test("noise draws a strip whose first panel is the picture and whose last is noise", async () => {
  const dir = await Deno.makeTempDir();
  const [width, height] = [20, 16];
  const rgba = new Uint8Array(4 * width * height).fill(255);
  for (let i = 0; i < rgba.length; i += 4) rgba.set([200, 40, 90], i);
  await Deno.writeFile(`${dir}/in.png`, encodePng({ width, height, rgba }));
  const { code, stderr } = await noise(
    ...["--image", `${dir}/in.png`, "--out", `${dir}/out.png`],
    ...["--size", "16", "--steps", "50", "--every", "20"],
  );
  assert.equal(code, 0, stderr);
  const strip = await decodeImage(await Deno.readFile(`${dir}/out.png`), 1);
  assert.equal(strip.width, 4 * 16 + 3 * 4); // 0, 20, 40, 50
  const panel = (column: number) =>
    Array.from({ length: 16 }, (_, y) => {
      const row = 7 + 2 + 7 + y; // below the row's name, a gap and the step
      const from = 4 * (row * strip.width + column * 20);
      return [...strip.rgba.subarray(from, from + 4 * 16)];
    }).flat();
  assert.deepEqual(panel(0), Array(256).fill([200, 40, 90, 255]).flat());
  assert(new Set(panel(3)).size > 100);
  await Deno.remove(dir, { recursive: true });
});

Deno.test("noise names the file it cannot read", async () => {
  const { code, stderr } = await noise("--image", "none.png");
  assert.equal(code, 1);
  assert.match(stderr, /^error: Cannot read picture none\.png: .+\n$/);
});

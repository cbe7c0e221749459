import assert from "node:assert/strict";
import {
  pixelText,
  stack,
  titled,
} from "../../../train/pictures/pixel_text.ts";

function rows({ width, height, rgba }: ReturnType<typeof pixelText>): string[] {
  return Array.from(
    { length: height },
    (_, y) =>
      Array.from(
        { length: width },
        (_, x) => rgba[4 * (y * width + x) + 3] === 255 ? "#" : ".",
      ).join(""),
  );
}

Deno.test("pixelText() draws letters and digits, cut off at its width", () => {
  assert.deepEqual(rows(pixelText("t7", { width: 9 })), [
    ".........",
    "###.###..",
    ".#....#..",
    ".#....#..",
    ".#....#..",
    ".#....#..",
    ".........",
  ]);
  assert.deepEqual(rows(pixelText("t7", { width: 2 }))[1], "##");
});

Deno.test("pixelText() scales its dots", () => {
  const { width, height, rgba } = pixelText("-", { width: 6, scale: 2 });
  assert.deepEqual([width, height], [6, 14]);
  const solid = rgba.filter((value, i) => i % 4 === 3 && value === 255).length;
  assert.equal(solid, 3 * 2 * 2);
});

Deno.test("stack() and titled() put pictures below each other", () => {
  const black = { width: 4, height: 2, rgba: new Uint8Array(32).fill(255) };
  const both = stack([black, black], 1);
  assert.deepEqual(rows(both), ["####", "####", "....", "####", "####"]);
  assert.equal(titled("1", black).height, 9);
});

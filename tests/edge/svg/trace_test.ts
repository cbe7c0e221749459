import assert from "node:assert/strict";
import { Resvg } from "npm:@resvg/resvg-js@2.6.2";
import { traceSvg } from "../../../edge/svg/trace.ts";

const SIZE = 32;

/** Whether a point of the picture, in its pixels, is red, blue or clear. */
type Shape = (x: number, y: number) => "red" | "blue" | "clear";

const COLOURS = {
  red: [220, 30, 40, 255],
  blue: [30, 60, 200, 255],
  clear: [0, 0, 0, 0],
};

/** A picture of `shape` with soft edges, from 8 x 8 points a pixel. */
function draw(shape: Shape) {
  const rgba = new Uint8Array(4 * SIZE * SIZE);
  for (let i = 0; i < SIZE * SIZE; i++) {
    const sum = [0, 0, 0, 0];
    for (let k = 0; k < 64; k++) {
      const colour = COLOURS[
        shape(
          i % SIZE + (k % 8 + 0.5) / 8,
          Math.floor(i / SIZE) + (Math.floor(k / 8) + 0.5) / 8,
        )
      ];
      for (let c = 0; c < 3; c++) sum[c]! += colour[c]! * colour[3]! / 255;
      sum[3]! += colour[3]!;
    }
    const weight = sum[3]! / 255;
    if (weight > 0) {
      rgba.set(
        [sum[0]! / weight, sum[1]! / weight, sum[2]! / weight, sum[3]! / 64]
          .map(Math.round),
        4 * i,
      );
    }
  }
  return { width: SIZE, height: SIZE, rgba };
}

/** Part of the pixels, at 8 times the resolution, in which a tracing shows what `shape` is. */
function agreement(shape: Shape): number {
  const svg = traceSvg(draw(shape), {
    width: 8 * SIZE,
    height: 8 * SIZE,
    title: "t",
    license: "l",
  });
  const { pixels, width, height } = new Resvg(svg).render();
  assert.deepEqual([width, height], [8 * SIZE, 8 * SIZE]);
  let right = 0;
  for (let i = 0; i < width * height; i++) {
    const [red, green, blue, alpha] =
      COLOURS[shape((i % width + 0.5) / 8, (Math.floor(i / width) + 0.5) / 8)];
    const [r, g, b, a] = pixels.subarray(4 * i, 4 * i + 4);
    const near = Math.abs(a! - alpha!) < 100 &&
      Math.abs(r! - red!) + Math.abs(g! - green!) + Math.abs(b! - blue!) < 90;
    if (near) right++;
  }
  return right / (width * height);
}

const radius = (x: number, y: number) => Math.hypot(x - 16, y - 16);

Deno.test("traceSvg() draws discs, rings, squares and inlays where they are", () => {
  const shapes: Record<string, Shape> = {
    disc: (x, y) => radius(x, y) < 13 ? "red" : "clear",
    ring: (x, y) => radius(x, y) < 14 && radius(x, y) > 6 ? "blue" : "clear",
    square: (x, y) =>
      Math.max(Math.abs(x - 16), Math.abs(y - 16)) < 10 ? "red" : "clear",
    inlay: (x, y) =>
      radius(x, y) > 14 ? "clear" : radius(x, y) < 7 ? "blue" : "red",
    halves: (x) => x < 16 ? "red" : "blue",
    dots: (x, y) => Math.hypot(x % 16 - 8, y % 16 - 8) < 4 ? "blue" : "clear",
  };
  for (const [name, shape] of Object.entries(shapes)) {
    const part = agreement(shape);
    assert.ok(part > 0.98, `${name}: ${part}`);
  }
});

Deno.test("traceSvg() writes small documents of exact colours and escaped texts", () => {
  const options = {
    width: 64,
    height: 64,
    title: "a<b & c",
    license: "CC0",
    background: "00ff0080",
  };
  const svg = traceSvg(
    draw((x, y) => radius(x, y) < 13 ? "red" : "clear"),
    options,
  );
  assert.ok(svg.length < 2000, `${svg.length}`);
  assert.match(svg, /<title>a&lt;b &amp; c<\/title><desc>CC0<\/desc>/);
  assert.match(svg, /fill="#00ff00" fill-opacity="0.502"/);
  assert.match(svg, /fill="#dc1e28"/);
  assert.doesNotMatch(svg, /script|style|href/);
  assert.equal(
    svg,
    traceSvg(draw((x, y) => radius(x, y) < 13 ? "red" : "clear"), options),
  );
  const clear = traceSvg(draw(() => "clear"), options);
  assert.ok(clear.endsWith("</g></svg>"));
});

Deno.test("traceSvg() writes backgrounds as SVG 1.1 has them, and as they are", () => {
  const clear = draw(() => "clear");
  const texts = { width: SIZE, height: SIZE, title: "t", license: "l" };
  const backgrounds: [background: string, attributes: string][] = [
    ["ffcc00ff", 'fill="#ffcc00"'],
    ["ffcc0080", 'fill="#ffcc00" fill-opacity="0.502"'],
    ["ffcc0000", 'fill="#ffcc00" fill-opacity="0"'],
  ];
  for (const [background, attributes] of backgrounds) {
    const svg = traceSvg(clear, { ...texts, background });
    assert.ok(svg.includes(`<path ${attributes} d="M0 0h`), svg);
    for (const [colour] of svg.matchAll(/(?<==")#[0-9a-f]+/g)) {
      assert.equal(colour.length, 7, colour);
    }
    const alpha = new Resvg(svg).render().pixels[3]!;
    assert.equal(alpha, parseInt(background.slice(6), 16), background);
  }
});

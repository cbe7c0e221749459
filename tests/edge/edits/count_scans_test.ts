import assert from "node:assert/strict";
import encodeJpeg from "npm:@jsquash/jpeg@1.6.0/encode.js";
import { countScans } from "../../../edge/edits/count_scans.ts";

Deno.test("countScans() counts the scans of sequential and progressive JPEG", async () => {
  const data = Uint8ClampedArray.from(
    { length: 4 * 64 * 64 },
    (_, i) => i % 4 === 3 ? 255 : (i * i) >> 5,
  );
  const image = new ImageData(data, 64, 64);
  const scans = async (progressive: boolean) =>
    countScans(new Uint8Array(await encodeJpeg(image, { progressive })));
  assert.equal(await scans(false), 1);
  const many = await scans(true);
  assert.ok(many > 3 && many < 20, `${many}`);
});

Deno.test("countScans() counts markers behind stuffing and at the end", () => {
  const count = (...bytes: number[]) => countScans(Uint8Array.from(bytes));
  assert.equal(count(), 0);
  assert.equal(count(0xFF), 0);
  assert.equal(count(0xFF, 0x00, 0xDA), 0);
  assert.equal(count(0xFF, 0xDA, 0xFF, 0xFF, 0xDA), 2);
});

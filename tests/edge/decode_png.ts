import assert from "node:assert/strict";
import { inflateSync } from "node:zlib";

/** A PNG as its writer meant it. */
export interface DecodedPng {
  width: number;
  height: number;
  rgba: Uint8Array;
  text: Record<string, string>;
}

/** Reads 8-bit RGB and RGBA, not interlaced, with the host's own inflate. */
export function decodePng(file: Uint8Array): DecodedPng {
  const view = new DataView(file.buffer, file.byteOffset);
  const text: Record<string, string> = {};
  let data: Uint8Array | undefined;
  for (let at = 8; at < file.length; at += 12 + view.getUint32(at)) {
    const type = String.fromCharCode(...file.subarray(at + 4, at + 8));
    const content = file.subarray(at + 8, at + 8 + view.getUint32(at));
    if (type === "IDAT") data = content;
    if (type === "tEXt") {
      const [keyword, value] = new TextDecoder("latin1").decode(content).split(
        "\0",
      );
      text[keyword!] = value!;
    }
  }
  const width = view.getUint32(16);
  const height = view.getUint32(20);
  const channels = file[25] === 6 ? 4 : 3;
  const stride = channels * width;
  const raw = inflateSync(data!);
  assert.equal(raw.length, (stride + 1) * height);
  const rows = new Uint8Array(stride * height);
  for (let i = 0; i < rows.length; i++) {
    const x = i % stride;
    const y = Math.floor(i / stride);
    const left = x < channels ? 0 : rows[i - channels]!;
    const up = y === 0 ? 0 : rows[i - stride]!;
    const corner = x < channels || y === 0 ? 0 : rows[i - stride - channels]!;
    const toward = left + up - corner;
    const paeth = [left, up, corner].reduce((best, next) =>
      Math.abs(toward - next) < Math.abs(toward - best) ? next : best
    );
    const filter = raw[y * (stride + 1)]!;
    rows[i] = raw[i + y + 1]! + [0, left, up, (left + up) >> 1, paeth][filter]!;
  }
  const rgba = Uint8Array.from(
    { length: 4 * width * height },
    (_, i) =>
      channels === 4
        ? rows[i]!
        : i % 4 === 3
        ? 255
        : rows[3 * (i >> 2) + i % 4]!,
  );
  return { width, height, rgba, text };
}

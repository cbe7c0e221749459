/** The 256 remainders of ISO 3309's polynomial 0xEDB88320 (reflected). */
const CRC_TABLE: Uint32Array = Uint32Array.from({ length: 256 }, (_, byte) => {
  let remainder = byte;
  for (let bit = 0; bit < 8; bit++) {
    remainder = remainder & 1
      ? (remainder >>> 1) ^ 0xEDB88320
      : remainder >>> 1;
  }
  return remainder;
});

/**
 * CRC-32 of `bytes` as PNG and zip use it (ISO 3309).
 *
 * @param bytes What to check.
 * @param start First byte, by default 0.
 * @param end One past the last byte, by default the end.
 * @returns The checksum as an unsigned 32-bit number.
 */
export function crc32(
  bytes: Uint8Array,
  start = 0,
  end: number = bytes.length,
): number {
  let crc = 0xFFFFFFFF;
  for (let i = start; i < end; i++) {
    crc = CRC_TABLE[(crc ^ bytes[i]!) & 0xFF]! ^ (crc >>> 8);
  }
  return (crc ^ 0xFFFFFFFF) >>> 0;
}

/**
 * Adler-32 of `bytes` as zlib streams end with (RFC 1950, section 9).
 *
 * @param bytes What to check.
 * @returns The checksum as an unsigned 32-bit number.
 */
export function adler32(bytes: Uint8Array): number {
  let a = 1;
  let b = 0;
  for (let start = 0; start < bytes.length; start += 3800) {
    // 3800 additions cannot pass 2^32, so the remainder waits until then.
    const end = Math.min(start + 3800, bytes.length);
    for (let i = start; i < end; i++) {
      a += bytes[i]!;
      b += a;
    }
    a %= 65521;
    b %= 65521;
  }
  return ((b << 16) | a) >>> 0;
}

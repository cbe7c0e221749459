/**
 * Counts what may be scans of a JPEG file: each makes a decoder go over the whole picture, and a few bytes suffice for one.
 * Counts the marker SOS wherever it stands, so never less than decoders find; coded data cannot hold it (ITU-T T.81,
 * B.1.1.5), only a thumbnail can.
 */
export function countScans(jpeg: Uint8Array): number {
  let scans = 0;
  for (let at = jpeg.indexOf(0xFF); at >= 0; at = jpeg.indexOf(0xFF, at + 1)) {
    if (jpeg[at + 1] === 0xDA) scans++;
  }
  return scans;
}

/** An element of the header that speaks of gzip, and its weight. */
const GZIP = /(?:^|,)\s*gzip\s*(?:;\s*q=([\d.]+)\s*)?(?:,|$)/i;

/** Whether an Accept-Encoding header names gzip, and not to refuse it with q=0 (RFC 9110, section 12.5.3). */
export function acceptsGzip(header: string): boolean {
  const named = GZIP.exec(header);
  return named !== null && Number(named[1] ?? 1) > 0;
}

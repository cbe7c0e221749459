/** The path of an absolute URL as it stands, dots and all: parsing it would take longer than all else about a kept picture. */
export function pathOf(url: string): string {
  const start = url.indexOf("/", url.indexOf("://") + 3);
  const end = url.indexOf("?", start);
  return url.slice(start, end < 0 ? undefined : end);
}

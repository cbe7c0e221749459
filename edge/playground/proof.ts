import type { Fetch } from "./places.ts";

/** How a picture drawn here compares with the server's. */
export type Proof =
  | { readonly kind: "same"; readonly bytes: number }
  | { readonly kind: "different" }
  | { readonly kind: "unknown" };

/** Compares a PNG drawn here with the one that the server draws for the same path, byte by byte. */
export async function compareWithServer(
  fetchServer: Fetch,
  path: string,
  dataUrl: string,
  signal: AbortSignal,
): Promise<Proof> {
  const response = await fetchServer(path, { signal }).catch(() => undefined);
  signal.throwIfAborted();
  if (!response?.ok) return { kind: "unknown" };
  const theirs = new Uint8Array(await response.arrayBuffer());
  const ours = dataUrlBytes(dataUrl);
  const same = ours.length === theirs.length &&
    ours.every((byte, k) => byte === theirs[k]);
  return same ? { kind: "same", bytes: ours.length } : { kind: "different" };
}

/** The bytes in a base64 data URL. The page may not fetch those. */
export function dataUrlBytes(url: string): Uint8Array<ArrayBuffer> {
  const binary = atob(url.slice(url.indexOf(",") + 1));
  return Uint8Array.from(binary, (character) => character.charCodeAt(0));
}

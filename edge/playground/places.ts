/// <reference lib="dom" />
import type { Progress } from "../browser/download.ts";
import { type LocalHost, startLocalHost } from "../browser/local_host.ts";
import { DrawingError } from "./problem.ts";

/** Where pictures are drawn. */
export type PlaceName = "server" | "wasm" | "webgpu";

/** Answers paths of the API. */
export type Fetch = (path: string, init?: RequestInit) => Promise<Response>;

/** The server of this page, ending in a slash. */
export const SERVER = new URL("/", location.href).href;

const locals = new Map<PlaceName, LocalHost>();
const loaded = new Set<PlaceName>();

/**
 * What answers at a place. An engine of this browser is loaded when it is first asked for.
 *
 * @param place Where.
 * @param onProgress Told how much of the model has been downloaded.
 */
export function fetchAt(
  place: PlaceName,
  onProgress: (progress: Progress) => void,
): Fetch {
  if (place === "server") return fetchServer;
  let host = locals.get(place);
  if (host === undefined) {
    host = startLocalHost({ server: SERVER, engine: place, onProgress });
    locals.set(place, host);
    host.ready.then(() => loaded.add(place), () => {
      host?.close();
      locals.delete(place);
    });
  }
  return host.fetch;
}

/** Whether pictures can be drawn here without the server. */
export function isLoaded(place: PlaceName): boolean {
  return loaded.has(place);
}

/** Asks the server. */
export const fetchServer: Fetch = async (path, init) => {
  try {
    return await fetch(new URL(path, SERVER), init);
  } catch (error) {
    init?.signal?.throwIfAborted();
    throw new DrawingError(
      navigator.onLine ? "The server cannot be reached." : "You are offline.",
      error instanceof TypeError,
    );
  }
};

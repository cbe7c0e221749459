import { pickEngine } from "./pick_engine.ts";
import { type LocalHost, startLocalHost } from "./local_host.ts";

/** Options for {@linkcode drawEmoji}: the parameters of `/emoji`, and where to draw. */
export interface DrawEmojiOptions {
  /** The picture's number or name; random if absent. */
  seed?: number | string | undefined;
  /** What to draw. */
  prompt?: string | undefined;
  /** Drawing style. */
  style?: string | undefined;
  /** Solver steps. */
  steps?: number | string | undefined;
  /** How strongly the prompt is followed. */
  guidance?: number | string | undefined;
  /** Width and height in pixels. */
  size?: number | string | undefined;
  /** Colour behind the picture. */
  background?: string | undefined;
  /** Kind of file. */
  format?: string | undefined;
  /**
   * What runs the network. WebAssembly draws the same bytes everywhere; WebGPU is faster, and used if there is one.
   * @default {"auto"}
   */
  engine?: "auto" | "wasm" | "webgpu" | undefined;
  /** Stops the run. */
  signal?: AbortSignal | undefined;
}

/** The server that this module comes from. */
const SERVER = new URL("./", import.meta.url).href;

const hosts = new Map<"wasm" | "webgpu", LocalHost>();

/**
 * Draws a picture in this browser, in a worker that is started once.
 *
 * @returns The file, a PNG unless another format is asked for.
 * @throws {Error} If a parameter is wrong, or the model cannot be loaded.
 */
export async function drawEmoji(options: DrawEmojiOptions = {}): Promise<Blob> {
  const { engine = "auto", signal, ...parameters } = options;
  const query = new URLSearchParams();
  for (const [name, value] of Object.entries(parameters)) {
    if (value !== undefined) query.set(name, String(value));
  }
  const host = hostFor(engine === "auto" ? await pickEngine() : engine);
  const response = await host.fetch(`/emoji?${query}`, {
    ...(signal && { signal }),
  });
  if (!response.ok) {
    const problem = await response.json() as {
      detail: string;
      errors?: { parameter: string; detail: string }[];
    };
    const details = problem.errors?.map(({ parameter, detail }) =>
      `${parameter} ${detail}`
    );
    throw new Error(details?.join("; ") ?? problem.detail);
  }
  return await response.blob();
}

/** The page's one worker of an engine; a new one after a failure. */
function hostFor(engine: "wasm" | "webgpu"): LocalHost {
  let host = hosts.get(engine);
  if (host === undefined) {
    host = startLocalHost({ server: SERVER, engine });
    hosts.set(engine, host);
    host.ready.catch(() => {
      host?.close();
      hosts.delete(engine);
    });
  }
  return host;
}

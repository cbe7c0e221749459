import type { Edit } from "../edits/edit.ts";
import type { EmojiRequest } from "../request/request.ts";

/** Milliseconds that the parts of a rendering took. */
export interface Timings {
  /** Waiting for a turn. */
  readonly queue?: number;
  /** In the network. */
  readonly network: number;
  /** In the sampler, without the network. */
  readonly sampler: number;
  /** From planes to the file. */
  readonly encode: number;
}

/** A finished file. */
export interface Rendering {
  /** The file. */
  readonly bytes: Uint8Array<ArrayBuffer>;
  /** What it took. */
  readonly timings: Timings;
}

/** A run on its way. */
export interface Preview {
  /** Steps made, from 1. */
  readonly step: number;
  /** Steps of the run. */
  readonly steps: number;
  /** The picture as the network expects it to become, as PNG of the model's own size. */
  readonly png: Uint8Array<ArrayBuffer>;
}

/** Options for {@linkcode Renderer.render}. */
export interface RenderOptions {
  /** Stops the run; the promise is rejected with its reason. */
  signal?: AbortSignal | undefined;
  /** A picture to start from. */
  edit?: Edit | undefined;
  /** Called after every step. */
  onPreview?: ((preview: Preview) => void) | undefined;
}

/** Draws requests. Where it does so, in this thread or in others, is its own affair. */
export interface Renderer {
  /** Resolves when models are loaded and warm; is rejected when that failed. */
  readonly ready: Promise<void>;
  /**
   * Whether it cannot draw at present though it was ready before.
   * @default {false}
   */
  readonly lost?: boolean;
  /** Draws a request. */
  render(request: EmojiRequest, options?: RenderOptions): Promise<Rendering>;
  /** Frees what it holds. */
  close(): Promise<void>;
}

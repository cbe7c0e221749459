import type { PictureDecoder } from "./edits/decode.ts";
import type { AccessOptions } from "./guards/access.ts";
import type { Limits } from "./guards/limits.ts";
import type { RateLimiterOptions } from "./guards/rate_limiter.ts";
import type { LogEntry } from "./http/request_metrics.ts";
import type { ServedModel } from "./models/served_model.ts";
import type { QueueOptions } from "./render/queued_renderer.ts";
import type { Renderer } from "./render/renderer.ts";

/** What the app needs from outside; tests pass fakes. */
export interface AppOptions extends AccessOptions {
  /** The models, the default one first; at least one. */
  models: readonly ServedModel[];
  /** Draws. */
  renderer: Renderer;
  /**
   * What one request may ask for.
   * @default {DEFAULT_LIMITS}
   */
  limits?: Partial<Limits>;
  /**
   * Most bytes of finished pictures to keep in memory.
   * @default {32 MiB}
   */
  cacheBytes?: number;
  /**
   * How many requests are drawn at once and how many may wait.
   * @default {{}}
   */
  queue?: QueueOptions;
  /**
   * How often a client may ask.
   * @default {undefined} as often as it likes
   */
  rate?: RateLimiterOptions | undefined;
  /**
   * Reads uploaded pictures, for `/emoji/edits`.
   * @default {undefined} there are no edits
   */
  decode?: PictureDecoder;
  /**
   * Chooses a seed for requests without one.
   * @default {32 random bits}
   */
  randomSeed?: () => number;
  /**
   * Called with errors that are nobody's fault but ours.
   * @default {console.error}
   */
  onError?: (error: unknown) => void;
  /**
   * Called after every request.
   * @default {() => {}}
   */
  onRequest?: (entry: LogEntry) => void;
}

import type { CodecName } from "../edits/decode.ts";
import type { EngineClass } from "../engines/engine.ts";

/** What a page tells its worker. */
export type ToWorker =
  | {
    readonly type: "start";
    /** URL of the server whose model is to be used, ending in a slash. */
    readonly server: string;
    /** URL of onnxruntime's WebAssembly file. */
    readonly ort: string;
    /** URLs of the codecs' WebAssembly files. */
    readonly codecs: Readonly<Record<CodecName, string>>;
    /** Name of the model; the server's default if absent. */
    readonly model?: string | undefined;
  }
  | {
    readonly type: "request";
    readonly id: number;
    readonly url: string;
    readonly method: string;
    readonly headers: readonly (readonly [string, string])[];
    readonly body: ArrayBuffer | null;
  }
  | { readonly type: "cancel"; readonly id: number };

/** What a worker tells its page. */
export type ToPage =
  | {
    readonly type: "progress";
    readonly loaded: number;
    readonly total: number;
  }
  | {
    readonly type: "ready";
    readonly engine: EngineClass;
    readonly model: string;
  }
  | { readonly type: "failed"; readonly message: string }
  | {
    readonly type: "head";
    readonly id: number;
    readonly status: number;
    readonly headers: readonly (readonly [string, string])[];
  }
  | {
    readonly type: "chunk";
    readonly id: number;
    readonly bytes: Uint8Array<ArrayBuffer>;
  }
  | { readonly type: "end"; readonly id: number; readonly error?: string };

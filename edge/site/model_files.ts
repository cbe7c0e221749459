import {
  filesOf,
  type ModelConfig,
  type ModelFile,
} from "@emoji/diffusion/model-config";
import { artifactTag } from "../http/etag.ts";
import { mediaType, type Site, type SiteFile } from "./site.ts";
import { slicesOf } from "./slices.ts";

/** A model whose files can be read. */
export interface ReadableModel {
  /** Its config. */
  readonly config: ModelConfig;
  /** The text that the config was read from. */
  readonly configText: string;
  /** Reads bytes of one of its networks, from `start` up to `end`. */
  readonly readSlice: (
    file: ModelFile,
    start: number,
    end: number,
  ) => Promise<Uint8Array<ArrayBuffer>>;
}

/**
 * The models' files, so that browsers can draw by themselves: `/models/<name>/config.json` and the networks beside it.
 */
export function modelFiles(models: readonly ReadableModel[]): Site {
  const site = new Map<string, SiteFile>();
  for (const { config, configText, readSlice } of models) {
    const { sha256 } = config.model;
    const bytes = new TextEncoder().encode(configText);
    site.set(`/models/${config.name}/config.json`, {
      type: mediaType("config.json"),
      tag: artifactTag({ sha256, configText, engine: "" }),
      immutable: false,
      compressible: true,
      ...slicesOf(bytes),
    });
    for (const model of filesOf(config)) {
      site.set(`/models/${config.name}/${model.file}`, {
        type: mediaType(model.file),
        tag: model.sha256.slice(0, 32),
        size: model.bytes,
        immutable: false,
        compressible: false,
        read: (start, end) => readSlice(model, start, end),
      });
    }
  }
  return site;
}

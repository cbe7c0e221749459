import { env, InferenceSession, Tensor } from "onnxruntime-web";
import type { Embedding } from "./messages.ts";
import { type Pictures, slicePictures, toPlanes } from "./pictures.ts";

/** Runs pictures through a feature network. */
export type Embedder = (pictures: Pictures) => Promise<Embedding>;

const BATCH = 32;

/** Opens a network of `exportFeatures()` in onnxruntime's WebAssembly build: the same features on every machine. */
export async function openEmbedder(model: Uint8Array): Promise<Embedder> {
  env.logLevel = "error";
  env.wasm.numThreads = 1;
  const session = await InferenceSession.create(model, {
    executionProviders: ["wasm"],
  });
  return async (pictures) => {
    const features: Float32Array[] = [];
    const logits: Float32Array[] = [];
    for (let from = 0; from < pictures.count; from += BATCH) {
      const part = slicePictures(
        pictures,
        from,
        Math.min(from + BATCH, pictures.count),
      );
      const { size, count } = part;
      const x = new Tensor("float32", toPlanes(part), [count, 4, size, size]);
      const outputs = await session.run({ x });
      features.push(outputs.features!.data as Float32Array);
      if (outputs.logits) logits.push(outputs.logits.data as Float32Array);
    }
    return { features: join(features), logits: join(logits) };
  };
}

/** Puts arrays one after the other. */
export function join(parts: readonly Float32Array[]): Float32Array {
  const out = new Float32Array(parts.reduce((n, part) => n + part.length, 0));
  let at = 0;
  for (const part of parts) {
    out.set(part, at);
    at += part.length;
  }
  return out;
}

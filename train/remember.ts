import { createHash } from "node:crypto";
import type { ModelNetwork } from "@emoji/diffusion/model-sampler";

/** A network that answers the same question from memory: for runs that differ in their last steps only. */
export function remember(network: ModelNetwork): ModelNetwork {
  const answers = new Map<string, Float32Array>();
  return async (x, level, condition, call) => {
    const hash = createHash("sha256");
    for (const part of [x, condition, Float64Array.of(level)]) {
      hash.update(
        new Uint8Array(part.buffer, part.byteOffset, part.byteLength),
      );
    }
    const question = hash.digest("base64");
    const known = answers.get(question);
    if (known) return known.slice();
    const answer = await network(x, level, condition, call);
    answers.set(question, answer.slice());
    return answer;
  };
}

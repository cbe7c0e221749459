import { createHash } from "node:crypto";

/** Which part of a data set a picture belongs to. */
export type Split = "train" | "held-out";

/**
 * Assigns a key to a split by its hash alone, so that the answer never changes when pictures come
 * or go, and all pictures of one key stay together.
 *
 * @param key What must not be on both sides: the concept of an emoji, the path of a photograph.
 * @param heldOutShare Expected share of held-out keys in [0, 1].
 */
export function splitOf(key: string, heldOutShare = 0.1): Split {
  const hash = createHash("sha256").update(key).digest().readUInt32BE();
  return hash < heldOutShare * 2 ** 32 ? "held-out" : "train";
}

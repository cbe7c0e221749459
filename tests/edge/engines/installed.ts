import { createRequire } from "node:module";

/** Why the native engine cannot be tested here; undefined if it can. */
export const NO_NATIVE: string | undefined = isInstalled()
  ? undefined
  : "skipped: onnxruntime-node is not installed";

function isInstalled(): boolean {
  const folder = new URL("../../../edge/engines/native/", import.meta.url);
  try {
    createRequire(folder).resolve("onnxruntime-node");
    return true;
  } catch {
    return false;
  }
}

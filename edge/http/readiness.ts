import type { Renderer } from "../render/renderer.ts";

/** Whether an app can draw. */
export type ReadyState = "starting" | "ready" | "failed" | "draining";

/** What an app says of itself at `/readyz`. */
export interface Readiness {
  /** How it is now. */
  state(): ReadyState;
  /** No more requests should come, ahead of a shutdown. */
  drain(): void;
}

/** Follows what draws. */
export function followReadiness(
  renderer: Pick<Renderer, "ready" | "lost">,
): Readiness {
  let state: ReadyState = "starting";
  renderer.ready.then(() => {
    if (state === "starting") state = "ready";
  }, () => state = "failed"); // the error comes again with every request
  return {
    state: () => state === "ready" && renderer.lost ? "failed" : state,
    drain: () => {
      state = "draining";
    },
  };
}

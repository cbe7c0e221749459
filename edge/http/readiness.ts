/** Whether an app can draw. */
export type ReadyState = "starting" | "ready" | "failed" | "draining";

/** What an app says of itself at `/readyz`. */
export interface Readiness {
  /** How it is now. */
  state(): ReadyState;
  /** No more requests should come, ahead of a shutdown. */
  drain(): void;
}

/** Follows what draws from its start. */
export function followReadiness(ready: Promise<unknown>): Readiness {
  let state: ReadyState = "starting";
  ready.then(() => {
    if (state === "starting") state = "ready";
  }, () => state = "failed"); // the error comes again with every request
  return {
    state: () => state,
    drain: () => {
      state = "draining";
    },
  };
}

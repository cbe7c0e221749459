import { setPriority } from "node:os";

/** Added to the niceness of a thread, 0…19: a third of the processor where another thread wants it too. */
const NICENESS = 5;

/**
 * Makes this thread yield to the one that answers, however much there is to draw. Does nothing where it may not; beyond Linux
 * it is the whole process that yields.
 */
export function yieldToOthers(): void {
  const sys = { name: "sys", kind: "setPriority" } as const;
  // On Linux 0 is the thread itself
  if (Deno.permissions.querySync(sys).state === "granted") {
    setPriority(0, NICENESS);
  }
}

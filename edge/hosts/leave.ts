/** Milliseconds for which a server that was told to stop takes requests, so that `/readyz` is heard before it is gone. */
export const LEAVE_MS = 1000;

/** Milliseconds that requests have to finish after a signal to stop; some platforms kill after 5 s. */
export const GRACE_MS = 4500;

import type { Hono } from "hono";

/** The routes of the app, which may know who asks. */
export type Routes = Hono<{ Bindings: { client?: string } }>;

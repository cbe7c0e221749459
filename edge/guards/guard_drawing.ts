import { keepPrivate } from "../http/emoji_headers.ts";
import { HttpProblem } from "../http/problem.ts";
import type { Routes } from "../routes/routes.ts";
import { accessCheck, type AccessOptions } from "./access.ts";
import type { RateLimiter } from "./rate_limiter.ts";

/** Paths of what costs time. */
const DRAWING = ["/emoji/*", "/:file{emoji\\.[a-z]+}", "/s/*"];

/** What is asked of a request before anything is drawn for it. */
export interface DrawingGuards {
  /** Who may draw. */
  access: AccessOptions;
  /** How often a client may, where there is a limit. */
  limiter: RateLimiter | undefined;
  /** Most characters of a URL. */
  urlLength: number;
}

/** Refuses long URLs, and who may not draw or asks too often. What a token was needed for is not for shared caches. */
export function guardDrawing(
  app: Routes,
  { access, limiter, urlLength }: DrawingGuards,
): void {
  const checkAccess = accessCheck(access);
  app.use(async (c, next) => {
    const { length } = c.req.url;
    if (length > urlLength) {
      throw new HttpProblem(
        "uri-too-long",
        `Cannot read URL as it must have at most ${urlLength} characters: current value is ${length}`,
      );
    }
    await next();
  });
  for (const drawing of DRAWING) {
    app.use(drawing, async (c, next) => {
      if (c.req.method === "OPTIONS") return await next();
      const access = await checkAccess(c.req.raw);
      const headers = limiter?.take(c.env?.client ?? "");
      await next();
      for (const [name, value] of Object.entries(headers ?? {})) {
        c.header(name, value);
      }
      if (access === "token") keepPrivate(c.res.headers);
    });
  }
}

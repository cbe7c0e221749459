import type { Metrics } from "../http/metrics.ts";
import { HttpProblem } from "../http/problem.ts";
import type { Readiness } from "../http/readiness.ts";
import { describeModel } from "../models/model_description.ts";
import type { ServedModel } from "../models/served_model.ts";
import { docsPage } from "../openapi/docs_page.ts";
import type { Routes } from "./routes.ts";

/** Headers of what changes with a deployment. */
const LIVELY = {
  "cache-control": "public, max-age=60",
  "access-control-allow-origin": "*",
};

/** Headers of what changes with every request. */
const FRESH = { "cache-control": "no-store" };

/** What there is to tell. */
export interface Information {
  /** The models. */
  models: readonly ServedModel[];
  /** The OpenAPI description. */
  api: Parameters<typeof docsPage>[0];
  /** What was counted. */
  metrics: Metrics;
  /** Whether requests should come. */
  readiness: Readiness;
}

/** Adds the routes that tell of the app. */
export function informationRoutes(
  app: Routes,
  { models, api, metrics, readiness }: Information,
): void {
  app.get("/models", (c) => c.json(models.map(describeModel), 200, LIVELY));
  app.get("/models/:name", (c) => {
    const name = c.req.param("name");
    const model = models.find(({ config }) => config.name === name);
    if (model === undefined) {
      const names = models.map(({ config }) => config.name).join(", ");
      throw new HttpProblem(
        "not-found",
        `Cannot describe the model as its name must be one of ${names}: current value is ${
          JSON.stringify(name.slice(0, 80))
        }`,
      );
    }
    return c.json(describeModel(model), 200, LIVELY);
  });
  app.get("/openapi.json", (c) => c.json(api, 200, LIVELY));
  app.get(
    "/docs",
    (c) =>
      c.html(docsPage(api), 200, {
        "content-security-policy": "default-src 'none'; img-src data:",
      }),
  );
  app.get(
    "/metrics",
    (c) =>
      c.text(metrics.toText(), 200, {
        ...FRESH,
        "content-type": "text/plain; version=0.0.4",
      }),
  );
  app.get("/healthz", (c) => c.text("ok", 200, FRESH));
  app.get("/readyz", (c) => {
    const state = readiness.state();
    return c.text(state, state === "ready" ? 200 : 503, FRESH);
  });
}

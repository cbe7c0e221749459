import { type App, createApp } from "../../edge/app.ts";
import type { AppOptions } from "../../edge/app_options.ts";
import type { Engine } from "../../edge/engines/engine.ts";
import { localRenderer } from "../../edge/render/local_renderer.ts";
import type { Renderer } from "../../edge/render/renderer.ts";
import { tinyModel } from "./tiny_model.ts";

/** The model that the fixtures serve. */
export const TINY = tinyModel();

/** A network without weights that counts its calls: F = x / 2 − condition's sum. */
export function fakeEngine(): Engine & { calls: number } {
  const engine = {
    class: "wasm" as const,
    calls: 0,
    network(
      x: Float32Array,
      _level: number,
      condition: Float32Array,
    ): Float32Array {
      engine.calls++;
      const shift =
        condition.reduce((sum, weight, row) => sum + weight * row, 0) / 100;
      return x.map((value) => value / 2 - shift);
    },
    release: () => Promise.resolve(),
  };
  return engine;
}

/** An app that draws with a fake network, its engine, and what the app did. */
export function fakeApp(options: Partial<AppOptions> = {}): {
  app: App;
  engine: Engine & { calls: number };
  renderer: Renderer;
} {
  const engine = fakeEngine();
  const renderer = localRenderer(() =>
    Promise.resolve([{ config: TINY.config, engine }])
  );
  const app = createApp({
    models: [{ ...TINY, engine: "wasm" }],
    renderer,
    ...options,
  });
  return { app, engine, renderer };
}

/** Asks an app for a path. */
export function get(
  app: App,
  path: string,
  init: RequestInit = {},
): Promise<Response> {
  return app.fetch(new Request(`http://localhost${path}`, init));
}

/** A JSON body whose shape the caller knows. */
export async function json(
  response: Response,
): Promise<Record<string, unknown>> {
  return await response.json();
}

import type { Metrics } from "../http/metrics.ts";
import type { Renderer } from "./renderer.ts";

/** Counts what a renderer has drawn: each run once, whoever asked for it and however many share it. */
export function countedRenderer(
  renderer: Renderer,
  metrics: Metrics,
): Renderer {
  return {
    ready: renderer.ready,
    async render(request, options) {
      const rendering = await renderer.render(request, options);
      metrics.count("emoji_pictures_total", "Pictures drawn", {}, request.n);
      metrics.count(
        "emoji_network_seconds_total",
        "Seconds in the network",
        {},
        rendering.timings.network / 1000,
      );
      return rendering;
    },
    close: () => renderer.close(),
  };
}

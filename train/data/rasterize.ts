import { initWasm, Resvg, type ResvgRenderOptions } from "@resvg/resvg-wasm";
import { readPackageBytes } from "./package_file.ts";

let ready: Promise<void> | undefined;

/**
 * Loads the SVG renderer, once.
 *
 * It is resvg's WebAssembly build: on the icons that make resvg panic the native build aborts the
 * whole process, this one throws, and it draws the same bytes on every machine.
 */
export function loadRasterizer(): Promise<void> {
  return ready ??= readPackageBytes("@resvg/resvg-wasm/index_bg.wasm")
    .then(initWasm);
}

/** A drawn SVG image. */
export interface Drawing {
  /** Columns. */
  readonly width: number;
  /** Rows. */
  readonly height: number;
  /** Premultiplied RGBA, [height, width, 4]. */
  readonly pixels: Uint8Array;
}

/**
 * Draws an SVG image on a transparent background; {@linkcode loadRasterizer} comes first.
 *
 * @param svg A document.
 * @param shortSide Pixels of the shorter side.
 * @throws {Error} If the SVG is broken or resvg fails on it.
 */
export function rasterize(svg: string, shortSide: number): Drawing {
  const options: ResvgRenderOptions = { font: { loadSystemFonts: false } };
  const shape = new Resvg(svg, options);
  const mode = shape.width < shape.height ? "width" : "height";
  shape.free();
  const resvg = new Resvg(svg, {
    ...options,
    fitTo: { mode, value: shortSide },
  });
  const image = resvg.render();
  const { width, height, pixels } = image;
  image.free();
  resvg.free();
  return { width, height, pixels };
}

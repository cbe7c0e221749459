/**
 * Editing: masks, RePaint, interpolation and variations. Image-to-image is `sample` with `image` over the last levels,
 * see `lastLevels`; inversion is the solver `ddimInverse`.
 *
 * @module
 */
export * from "./inpaint.ts";
export * from "./repaint.ts";
export * from "./slerp.ts";

import { type Floats, like } from "../floats.ts";
import type { Level } from "../level.ts";
import type { Solver } from "../solvers/solver.ts";

/** What is known of the images. */
export interface InpaintOptions {
  /** The clean images, as many and as large as those drawn. */
  image: Floats;
  /** 1 where the image is known, 0 where it is to be drawn, shades between; of the length of `image`, or of one image for all. */
  mask: Floats;
}

/**
 * Draws the unknown part of images: after every step of `solver` the known part is put in again with the noise of the
 * level, Lugmayr et al. (2022), equation 8. It serves any levels and any solver; see {@linkcode repaint} for better seams.
 */
export function inpaint(
  solver: Solver,
  { image, mask }: InpaintOptions,
): Solver {
  if (image.length % mask.length !== 0) {
    throw new RangeError(
      `Cannot inpaint as mask must be as long as an image, or as all of them: current value is ${mask.length} for ${image.length}`,
    );
  }
  return {
    ...solver,
    name: `${solver.name}-inpaint`,
    stochastic: true,
    async step(run) {
      const result = await solver.step(run);
      const moved = ArrayBuffer.isView(result) ? result : result.x;
      if (moved.length !== image.length) {
        throw new RangeError(
          `Cannot inpaint as image must hold ${moved.length} numbers: current value is ${image.length}`,
        );
      }
      const noise = run.next.sigma === 0 ? moved : run.noise();
      const x = joined(moved, image, mask, noise, run.next);
      return ArrayBuffer.isView(result) ? x : { ...result, x };
    },
  };
}

/** The known part at a noise level, and the rest of `x`. */
function joined<T extends Floats>(
  x: T,
  image: Floats,
  mask: Floats,
  noise: Floats,
  { alpha, sigma }: Level,
): T {
  const out = like(x);
  for (let i = 0; i < x.length; i++) {
    const known = sigma === 0
      ? alpha * image[i]!
      : alpha * image[i]! + sigma * noise[i]!;
    const share = mask[i % mask.length]!;
    out[i] = share * known + (1 - share) * x[i]!;
  }
  return out;
}

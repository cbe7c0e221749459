import { linspace, torchLinspace } from "./linspace.ts";

/** Options of the schedules that run between two betas. */
export interface BetaRange {
  /**
   * First beta.
   *
   * @default {0.0001}
   */
  start?: number;
  /**
   * Last beta.
   *
   * @default {0.02}
   */
  end?: number;
  /**
   * Whether to compute in float32 as torch does, for bit-identical tables.
   *
   * @default {false}
   */
  float32?: boolean;
}

/** Options of {@linkcode linearBetas}. */
export interface LinearOptions extends BetaRange {
  /**
   * Whether both ends are multiplied by 1000 / T, so that every T ends at about the same noise, as improved-diffusion
   * and lucidrains do and diffusers does not.
   *
   * @default {false}
   */
  scaled?: boolean;
}

/**
 * Betas that grow linearly, Ho et al. (2020).
 *
 * @param length Number of levels T.
 * @param options Ends, and whether they follow T.
 * @returns T betas.
 */
export function linearBetas(
  length: number,
  { start = 1e-4, end = 0.02, scaled = false, float32 = false }: LinearOptions =
    {},
): Float64Array {
  const scale = scaled ? 1000 / length : 1;
  return (float32 ? torchLinspace : linspace)(
    start * scale,
    end * scale,
    length,
  );
}

/**
 * Betas whose roots grow linearly: "scaled_linear" of latent diffusion (there 0.00085 to 0.012), "quad" of Song et al.
 * (2021).
 *
 * @param length Number of levels T.
 * @param options Ends.
 * @returns T betas.
 */
export function scaledLinearBetas(
  length: number,
  { start = 1e-4, end = 0.02, float32 = false }: BetaRange = {},
): Float64Array {
  const roots = (float32 ? torchLinspace : linspace)(
    Math.sqrt(start),
    Math.sqrt(end),
    length,
  );
  return roots.map((root) => float32 ? Math.fround(root * root) : root * root);
}

/**
 * Betas on a sigmoid curve from −6 to 6: GeoDiff, Xu et al. (2022), and Song et al. (2021). For a sigmoid in ᾱ see
 * {@linkcode sigmoidAlphaBar}.
 *
 * @param length Number of levels T.
 * @param options Ends.
 * @returns T betas.
 */
export function sigmoidBetas(
  length: number,
  { start = 1e-4, end = 0.02, float32 = false }: BetaRange = {},
): Float64Array {
  const round = float32 ? Math.fround : Number;
  const x = (float32 ? torchLinspace : linspace)(-6, 6, length);
  return x.map((x) => {
    const sigmoid = round(1 / round(1 + round(Math.exp(-x))));
    return round(round(sigmoid * round(end - start)) + round(start));
  });
}

/**
 * One beta throughout, Song et al. (2021).
 *
 * @param length Number of levels T.
 * @param beta The beta.
 * @returns T betas.
 */
export function constantBetas(length: number, beta = 0.02): Float64Array {
  return new Float64Array(length).fill(beta);
}

/**
 * 1/T, 1/(T − 1), …, 1, whose ᾱ falls linearly to 0: Sohl-Dickstein et al. (2015).
 *
 * @param length Number of levels T.
 * @returns T betas.
 */
export function jsdBetas(length: number): Float64Array {
  return linspace(length, 1, length).map((x) => 1 / x);
}

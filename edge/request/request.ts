import type { FormatName } from "./formats.ts";

/** An integer from 0 to 2^53 − 1, or text. */
export type RequestSeed = number | string;

/** A request in its one canonical form: every value settled, plain data, equal for equal pictures. */
export interface EmojiRequest {
  /** Name of the model. */
  readonly model: string;
  /** Seed of the first picture. */
  readonly seed: RequestSeed;
  /** How many pictures, each with the next seed. */
  readonly n: number;
  /** Seed to move towards. */
  readonly to?: RequestSeed;
  /** How far to go, in [0, 1]; absent in an animation, which goes all the way. */
  readonly t?: number;
  /** Words of the model's vocabulary, in its order. */
  readonly words: readonly string[];
  /** Words of the prompt that the model does not know. */
  readonly unknown: readonly string[];
  /** Drawing style. */
  readonly style?: string;
  /** Group of emoji. */
  readonly group?: string;
  /** Subgroup of emoji. */
  readonly subgroup?: string;
  /** Solver steps. */
  readonly steps: number;
  /** Name of the sampler. */
  readonly sampler: string;
  /** Noise of each step. */
  readonly eta: number;
  /** Guidance scale. */
  readonly guidance: number;
  /** Width and height of a picture in pixels. */
  readonly size: number;
  /** How a picture is scaled to `size`. */
  readonly resample: "pixel" | "smooth";
  /** RRGGBBAA, or absent for transparent. */
  readonly background?: string;
  /** What to answer with. */
  readonly format: FormatName;
  /** Whether the picture starts from one of the client's, so that the request alone cannot draw it again. */
  readonly edited?: boolean;
}

/** Pictures of an animated way from one seed to another. */
export const MORPH_FRAMES = 12;

/** Most frames that show how a picture comes to be, the finished one included. */
export const RUN_FRAMES = 24;

/** The seeds of a request's pictures: integers count up; text gets "-2", "-3", … at its end. */
export function seedsOf({ seed, n }: EmojiRequest): RequestSeed[] {
  return Array.from(
    { length: n },
    (_, k) => typeof seed === "number" ? seed + k : nthText(seed, k),
  );
}

function nthText(seed: string, k: number): string {
  return k === 0 ? seed : `${seed}-${k + 1}`;
}

/** A text that is equal for equal requests. */
export function canonicalText(request: EmojiRequest): string {
  const entries = Object.entries(request).sort(([a], [b]) => a < b ? -1 : 1);
  return JSON.stringify(entries);
}

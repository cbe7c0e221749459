import type { PhiloxSource } from "@emoji/diffusion/random";

/** The next `count` uniform numbers of a source. */
export function uniforms(random: PhiloxSource, count: number): Float64Array {
  const out = new Float64Array(count);
  random.uniform(out);
  return out;
}

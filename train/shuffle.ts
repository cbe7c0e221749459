import type { PhiloxSource } from "@emoji/diffusion/random";

/** The n-th member of endless passes over `members`, each pass in an order of its own that `root` decides. */
export function shuffled<T>(
  root: PhiloxSource,
  members: readonly T[],
): (n: number) => T {
  let pass = -1;
  let order: T[] = [];
  return function memberAt(n) {
    const wanted = Math.floor(n / members.length);
    if (wanted !== pass) {
      pass = wanted;
      order = [...members];
      const random = new Float64Array(order.length);
      root.split(pass).uniform(random);
      for (let i = order.length - 1; i > 0; i--) {
        const j = Math.floor(random[i]! * (i + 1));
        [order[i], order[j]] = [order[j]!, order[i]!];
      }
    }
    return order[n % members.length]!;
  };
}

/** Position of the first lowest loss; -1 where there is none. */
export function lowestIndex(losses: readonly number[]): number {
  return losses.indexOf(Math.min(...losses));
}

/**
 * Whether a run no longer gets better: the first lowest of `losses` lies `patience` evaluations back or more.
 *
 * @param losses Held-out losses, oldest first.
 * @param patience Evaluations without a new lowest loss that end the run, at least 1.
 */
export function isPastBest(
  losses: readonly number[],
  patience: number,
): boolean {
  return losses.length - 1 - lowestIndex(losses) >= patience;
}

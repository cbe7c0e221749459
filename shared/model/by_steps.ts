/** A number that depends on how many steps a run has: pairs `[steps, value]`, rising in steps. */
export type BySteps = readonly (readonly [steps: number, value: number])[];

/** The value for a number of steps: linear in 1/steps between two entries, that of the nearest outside; none of an empty table. */
export function valueAt(table: BySteps, steps: number): number | undefined {
  const above = table.findIndex(([entry]) => entry >= steps);
  if (above <= 0) return table.at(above)?.[1];
  const [fewer, from] = table[above - 1]!;
  const [more, to] = table[above]!;
  const part = (1 / fewer - 1 / steps) / (1 / fewer - 1 / more);
  return from + part * (to - from);
}

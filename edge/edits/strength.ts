import { decimal, type Parameter } from "../request/parameters.ts";

/** How much of the run is made. */
export const STRENGTH: Parameter<number> = decimal(
  0,
  1,
  "How much of the picture may change, above 0; 1 is all of it",
);

import { ALL_FIELDS } from "./class_fields.ts";
import type { ConfigReader, SchedulerConfig } from "./config.ts";

/** The one value that is supported of a field, in the classes that have it. */
const ONLY = {
  interpolation_type: "linear",
  solver_p: null,
  tau_func: null,
  predict_epsilon: true,
  set_alpha_to_zero: true,
} as const;

/**
 * Refuses fields that would be ignored: names that no class has, unless they are null or false, and values that are
 * not supported. Files keep fields of other classes that they were made from: those mean nothing, as in diffusers.
 *
 * @param config The configuration.
 * @param reader Its reader.
 * @throws {RangeError} If there is such a field.
 */
export function checkFields(
  config: SchedulerConfig,
  reader: ConfigReader,
): void {
  for (const [field, value] of Object.entries(config)) {
    const isOff = value === null || value === undefined || value === false;
    if (isOff || field.startsWith("_") || ALL_FIELDS.has(field)) continue;
    throw new RangeError(
      `Cannot read a ${reader.className} as its fields must be those of diffusers: current value is ${
        JSON.stringify(field)
      }`,
    );
  }
  for (const [field, value] of Object.entries(ONLY)) reader.only(field, value);
}

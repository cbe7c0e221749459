import type { RunConfig } from "../config.ts";
import { emoji } from "./emoji.ts";

/** Presets by name. */
export const PRESETS: Readonly<Record<string, RunConfig>> = { emoji };

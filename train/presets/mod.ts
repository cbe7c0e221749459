import type { RunConfig } from "../config.ts";
import { annotated } from "./annotated.ts";
import { ddpm } from "./ddpm.ts";
import { emoji } from "./emoji.ts";
import { emoji64 } from "./emoji_64.ts";
import { emojiNotebook } from "./emoji_notebook.ts";
import { gaussians } from "./gaussians.ts";
import { improved } from "./improved.ts";
import { tiny } from "./tiny.ts";
import { upsampler } from "./upsampler.ts";

/** Presets by name. */
export const PRESETS: Readonly<Record<string, RunConfig>> = {
  emoji,
  "emoji-64": emoji64,
  "emoji-notebook": emojiNotebook,
  ddpm,
  improved,
  annotated,
  tiny,
  upsampler,
  gaussians,
};

import type { RunConfig } from "../config.ts";
import { annotated } from "./annotated.ts";
import { ddpm } from "./ddpm.ts";
import { emoji } from "./emoji.ts";
import { emojiNotebook } from "./emoji_notebook.ts";
import { gaussians } from "./gaussians.ts";
import { improved } from "./improved.ts";
import { tiny } from "./tiny.ts";

/** Presets by name. */
export const PRESETS: Readonly<Record<string, RunConfig>> = {
  emoji,
  "emoji-notebook": emojiNotebook,
  ddpm,
  improved,
  annotated,
  tiny,
  gaussians,
};

/**
 * Draws emoji in the page itself, from `<script type="module">`:
 *
 * ```html
 * <script type="module" src="https://emoji.example/emoji.js"></script>
 * <draw-emoji seed="42" prompt="red heart"></draw-emoji>
 * ```
 *
 * or from code:
 *
 * ```js
 * import { drawEmoji } from "https://emoji.example/emoji.js";
 * const blob = await drawEmoji({ seed: 42, prompt: "red heart" });
 * ```
 *
 * The script, onnxruntime and the model come from the server that the script comes from. Everything runs in a worker.
 *
 * @module
 */

import { defineDrawEmoji } from "./draw_emoji_element.ts";

export { drawEmoji, type DrawEmojiOptions } from "./draw_emoji.ts";
defineDrawEmoji();

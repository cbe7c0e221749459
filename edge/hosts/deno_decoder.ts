/**
 * A thread of the Deno host: decodes uploaded pictures.
 *
 * @module
 */

/// <reference lib="deno.worker" />

import { decodePicture } from "../edits/codec_files.ts";
import { serveDecoding } from "../edits/decoding_thread.ts";
import { yieldToOthers } from "./yield_to_others.ts";

yieldToOthers();
serveDecoding(self as Parameters<typeof serveDecoding>[0], decodePicture);

/**
 * TensorFlow.js, as all of `train/` imports it.
 *
 * @module
 */

import "./declare_long.ts";

export * from "npm:@tensorflow/tfjs@4.22.0";

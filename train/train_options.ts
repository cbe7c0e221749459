/**
 * What can be asked of `deno task train`.
 *
 * @module
 */

import { BACKENDS } from "./backend.ts";
import { SOURCES } from "./data/sources/registry.ts";
import { GUIDANCE, GUIDANCE_BESIDE_AUTOGUIDANCE } from "./model_config.ts";
import { ELEMENT_LOSSES } from "./objectives/objective.ts";
import { OPTIMIZER_NAMES } from "./open_optimizer.ts";
import type { OptionTable, OptionValues } from "./options.ts";
import { FAULTS } from "./presets/faults.ts";
import { PRESETS } from "./presets/mod.ts";
import { MAX_WORKERS } from "./engine/memory.ts";

/** Options of the command line. */
export const OPTIONS = {
  preset: {
    type: "string",
    default: "emoji",
    choices: Object.keys(PRESETS),
    help: "numbers of the run",
  },
  run: { type: "string", help: "folder of the run (default runs/PRESET)" },
  data: { type: "string", default: "data", help: "folder of the data sets" },
  source: {
    type: "string",
    choices: Object.keys(SOURCES),
    help: "where pictures come from, instead of the preset's source",
  },
  from: { type: "string", help: "folder that the source reads" },
  size: {
    type: "number",
    integer: true,
    min: 1,
    max: 512,
    help: "width and height of the pictures",
  },
  backend: {
    type: "string",
    default: "auto",
    choices: ["auto", ...BACKENDS],
    help: "where to compute",
  },
  precision: {
    type: "string",
    default: "auto",
    choices: ["auto", "float32", "bfloat16"],
    help: "type of the pictures inside the network, native backend",
  },
  workers: {
    type: "number",
    integer: true,
    min: 1,
    max: MAX_WORKERS,
    help:
      "threads, each with an equal slice of the batch (default one a core, as far as the batch divides; one with batch norm, which sees only its slice)",
  },
  images: { type: "number", min: 1, help: "pictures to see in all" },
  minutes: { type: "number", min: 0, help: "stop after so many minutes" },
  patience: {
    type: "number",
    integer: true,
    min: 1,
    help:
      "stop after so many sample sheets without a lower held-out loss, that of best.ckpt",
  },
  init: {
    type: "string",
    help:
      "begin with the weights of this checkpoint, run folder or exported model",
  },
  distill: {
    type: "string",
    help:
      "learn to draw in few steps what this run, checkpoint or exported model draws in many",
  },
  guidance: {
    type: "number",
    min: 0,
    max: 100,
    needs: ["distill"],
    help:
      `guidance of the teacher, which is folded in (default ${GUIDANCE}, beside --autoguide ${GUIDANCE_BESIDE_AUTOGUIDANCE})`,
  },
  autoguide: {
    type: "string",
    needs: ["distill"],
    help:
      "lead the teacher away from what this worse version of it answers, a smaller or shorter run for the same data",
  },
  autoguidance: {
    type: "string",
    default: "2.5",
    needs: ["autoguide"],
    help:
      "how far, where 1 is not at all; or from which sigma on, such as 1:4,0.3:2.5,0:1.5",
  },
  centring: {
    type: "number",
    min: 0,
    max: 1,
    needs: ["distill"],
    help:
      "share of the mean of each channel that the teacher's guidance leaves alone; colours are the stronger the less it is (default 1)",
  },
  matching: {
    type: "boolean",
    default: false,
    needs: ["distill"],
    help:
      "move what the student draws in few steps, or what becomes of enlarged pictures, towards how the teacher's pictures are distributed, best after a run without; a run whose loss stays near 1 is falling apart",
  },
  "matching-guidance": {
    type: "number",
    min: 0,
    max: 100,
    needs: ["matching"],
    help: "guidance of the teacher there (default 1)",
  },
  "matching-autoguidance": {
    type: "string",
    default: "2",
    needs: ["matching", "autoguide"],
    help: "--autoguidance of the teacher there",
  },
  adversarial: {
    type: "number",
    default: 0,
    min: 0,
    max: 1,
    needs: ["matching"],
    help:
      "share of what makes pictures look real to a critic, which learns to tell them from real ones, in where they are moved; the rest is the teacher's",
  },
  enlarge: {
    type: "string",
    help:
      "learn to draw the detail of what this run, checkpoint or exported model draws; with --preset upsampler, and with --distill and --matching also what of it a run of the large size would not have drawn",
  },
  "batch-size": {
    type: "number",
    integer: true,
    min: 1,
    help: "pictures a step",
  },
  accumulation: {
    type: "number",
    integer: true,
    min: 1,
    help: "parts in which a thread takes its slice, to save memory",
  },
  lr: { type: "number", min: 0, help: "peak learning rate" },
  optimizer: {
    type: "string",
    choices: OPTIMIZER_NAMES,
    help: "how a gradient changes the weights",
  },
  cooldown: {
    type: "number",
    min: 0,
    max: 1,
    help: "share of the run, at its end, over which the learning rate falls",
  },
  "level-mean": {
    type: "number",
    help:
      "mean of ln σ of the noise that pictures are shown with (P_mean of EDM); presets of that process",
  },
  "level-std": {
    type: "number",
    min: 0.01,
    help: "standard deviation of ln σ (P_std of EDM)",
  },
  loss: {
    type: "string",
    choices: ELEMENT_LOSSES,
    help: "error of a number of the network's answer",
  },
  "min-snr": {
    type: "number",
    min: 0.01,
    help:
      "weigh levels by min(SNR, N) on the clean picture's error (Hang et al. 2023: 5), instead of the preset's weights",
  },
  "offset-noise": {
    type: "number",
    min: 0,
    max: 1,
    help:
      "deviation of one more random number a channel in the noise, for samples of any mean colour",
  },
  "n-epochs": {
    type: "number",
    min: 0,
    replaces: ["images"],
    help: "passes over the data set, instead of --images",
  },
  seed: { type: "number", integer: true, min: 0, help: "seed of the run" },
  snapshots: {
    type: "number",
    integer: true,
    min: 0,
    help:
      "how often in the run to keep averages of the weights, for --ema of any length at export",
  },
  faults: {
    type: "string",
    help: `mistakes of the emoji notebook to make, with commas: ${
      Object.keys(FAULTS).join(", ")
    }`,
  },
  faithful: {
    type: "boolean",
    default: false,
    replaces: ["faults"],
    help: "make all mistakes of the emoji notebook",
  },
  "checkpoint-seconds": {
    type: "number",
    default: 120,
    min: 1,
    help: "seconds between checkpoints",
  },
  "sheet-seconds": {
    type: "number",
    default: 600,
    min: 1,
    help: "seconds between sample sheets",
  },
  "sheet-steps": {
    type: "number",
    integer: true,
    default: 50,
    min: 1,
    help:
      "most solver steps of a sheet's pictures; models that take more, such as the 500 of emoji-notebook, skip evenly",
  },
  tensorboard: {
    type: "boolean",
    default: false,
    help: "also write event files for TensorBoard into the run folder",
  },
  config: {
    type: "string",
    optionsFile: true,
    help:
      "JSON file of options, such as the options.json of another run; options beside it go before its own (--no-matching and the like)",
  },
  "dry-run": {
    type: "boolean",
    help: "say what would be done and how long it would take, then stop",
  },
  bench: {
    type: "boolean",
    replaces: ["distill", "enlarge"],
    help:
      "measure a training step on every backend, or on that of --backend, then stop",
  },
} as const satisfies OptionTable;

/** Values of {@linkcode OPTIONS}. */
export type TrainOptions = OptionValues<typeof OPTIONS>;

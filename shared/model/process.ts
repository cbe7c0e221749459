import type { JsonReader } from "./json_reader.ts";

/** The process of Karras et al. (2022): variance exploding, with the preconditioning of table 1; the network hears `ln(sigma) / 4`. */
export interface EdmProcess {
  /** Kind of process. */
  readonly type: "edm";
  /** Standard deviation of the training data. */
  readonly sigmaData: number;
  /** Lowest noise level the network was trained for. */
  readonly sigmaMin: number;
  /** Highest noise level, where sampling begins. */
  readonly sigmaMax: number;
}

/** A table of T noise levels, as {@linkcode openProcess} makes it of the functions of `schedules/`. */
export interface DiscreteSchedule {
  /** Curve of β (linear, quadratic) or of ᾱ (cosine, sigmoid). */
  readonly type: "linear" | "quadratic" | "cosine" | "sigmoid";
  /** Number of levels T. */
  readonly length: number;
  /**
   * First β; linear and quadratic only.
   * @default {0.0001}
   */
  readonly start?: number;
  /**
   * Last β; linear and quadratic only.
   * @default {0.02}
   */
  readonly end?: number;
  /**
   * Whether `start` and `end` are those of T = 1000 and grow as T falls; linear only.
   * @default {false}
   */
  readonly scaled?: boolean;
  /**
   * Smallest β; cosine and sigmoid only.
   * @default {0}
   */
  readonly minBeta?: number;
  /**
   * Whether the last level is moved to pure noise, Lin et al. (2023).
   * @default {false}
   */
  readonly zeroTerminalSnr?: boolean;
}

/** Noise levels as a function of time in [0, 1]. */
export interface ContinuousSchedule {
  /** Curve of the log signal-to-noise ratio. */
  readonly type: "linear-log-snr" | "cosine-log-snr";
  /**
   * Width in pixels that the curve was made for and width of the pictures, Hoogeboom et al. (2023), equation 9.
   * @default {none}
   */
  readonly shift?: readonly [from: number, to: number];
}

/** A variance-preserving process; the network hears the level's index, or its time where the schedule is continuous. */
export interface VpProcess {
  /** Kind of process. */
  readonly type: "vp";
  /** Its levels. */
  readonly schedule: DiscreteSchedule | ContinuousSchedule;
  /** What the network predicts. */
  readonly prediction: "epsilon" | "x0" | "v";
  /**
   * Variance of a step of ancestral sampling: the posterior's β̃, the forward step's β, or learned between the two in
   * the second half of the network's output channels, Nichol & Dhariwal (2021).
   * @default {"small"}
   */
  readonly variance?: "small" | "large" | "learned";
}

/** A straight flow from the picture at time 0 to noise at time 1, whose velocity the network predicts; it hears the time. */
export interface FlowProcess {
  /** Kind of process. */
  readonly type: "flow";
}

/** The noise process a network was trained on, and how its output becomes a clean image. */
export type Process = (EdmProcess | VpProcess | FlowProcess) & {
  /**
   * Whether the network is also given its last clean estimate, as further input channels; zeros at first.
   * @default {false}
   */
  readonly selfConditioning?: boolean;
};

/** Reads the `process` of a model's configuration. */
export function readProcess(process: JsonReader): Process {
  return {
    ...readType(process),
    ...optional(process, ["selfConditioning"], (value) => value.boolean()),
  };
}

function readType(process: JsonReader): EdmProcess | VpProcess | FlowProcess {
  const type = process.get("type").oneOf("edm", "vp", "flow");
  if (type === "flow") return { type };
  if (type === "edm") {
    const sigmaMin = process.get("sigmaMin").number(1e-6);
    return {
      type,
      sigmaData: process.get("sigmaData").number(1e-6),
      sigmaMin,
      sigmaMax: process.get("sigmaMax").number(sigmaMin),
    };
  }
  return {
    type,
    schedule: readSchedule(process.get("schedule")),
    prediction: process.get("prediction").oneOf("epsilon", "x0", "v"),
    ...optional(
      process,
      ["variance"],
      (value) => value.oneOf("small", "large", "learned"),
    ),
  };
}

function readSchedule(
  schedule: JsonReader,
): DiscreteSchedule | ContinuousSchedule {
  const type = schedule.get("type").oneOf(
    "linear",
    "quadratic",
    "cosine",
    "sigmoid",
    "linear-log-snr",
    "cosine-log-snr",
  );
  if (type === "linear-log-snr" || type === "cosine-log-snr") {
    return { type, ...optional(schedule, ["shift"], readShift) };
  }
  return {
    type,
    length: schedule.get("length").integer(2),
    ...optional(schedule, ["start", "end", "minBeta"], (b) => b.number(0, 1)),
    ...optional(schedule, ["scaled", "zeroTerminalSnr"], (b) => b.boolean()),
  };
}

function readShift(shift: JsonReader): [from: number, to: number] {
  const [from, to, more] = shift.array();
  if (from === undefined || to === undefined || more !== undefined) {
    throw shift.error("be [from, to]");
  }
  return [from.number(1), to.number(1)];
}

/** The members of an object that are there. */
function optional<Name extends string, T>(
  object: JsonReader,
  names: readonly Name[],
  read: (value: JsonReader) => T,
): { [Key in Name]?: T } {
  const found: { [Key in Name]?: T } = {};
  for (const name of names) {
    const value = object.get(name);
    if (value.exists) found[name] = read(value);
  }
  return found;
}

import { type ImageShape, pictureSize } from "../image.ts";
import type { BySteps } from "./by_steps.ts";
import type { ConditionLayout } from "./condition.ts";
import type { Process } from "./process.ts";
import type { Concepts, Subjects } from "./seed_subject.ts";

export type {
  ContinuousSchedule,
  DiscreteSchedule,
  EdmProcess,
  FlowProcess,
  Process,
  VpProcess,
} from "./process.ts";
export { parseModelConfig } from "./read_config.ts";

/** How pictures are drawn from the model unless a request says otherwise. */
export interface SamplingDefaults {
  /** One of `samplers`. */
  readonly sampler: string;
  /** Names of the samplers that draw well; see `sampler_registry.ts`. */
  readonly samplers: readonly string[];
  /** Network evaluations, near enough, of a picture. */
  readonly steps: number;
  /** Fewest steps a request may ask for. */
  readonly minSteps: number;
  /** Most steps a request may ask for. */
  readonly maxSteps: number;
  /** Guidance scale; 1 is none. */
  readonly guidance: number;
  /** Whether distillation has put `guidance` into the network, so that it must not be applied again. */
  readonly guidanceFolded: boolean;
  /** Pairs `[steps, sigmaMin]`, rising in steps, for an EDM process: few steps end best at a higher noise level than the process does. */
  readonly sigmaMinBySteps: BySteps;
  /**
   * Pairs `[steps, power]`, rising in steps, for an EDM process: levels are even in sigma^power, the 1/ρ of Karras et al.
   * (2022), and in ln sigma where it is 0. Without any ρ is 7.
   */
  readonly sigmaPowerBySteps: BySteps;
  /**
   * Pairs `[steps, eta]`, rising in steps, for samplers that add noise of their own: what many steps can correct, few
   * cannot.
   */
  readonly etaBySteps: BySteps;
  /** Whether clean estimates are clipped to [-1, 1]. */
  readonly clip: boolean;
  /** Pairs `[steps, alphaSnap]`, rising in steps: alpha this near to 0 or 1 is taken for 0 or 1 in finished pictures. */
  readonly alphaSnapBySteps: BySteps;
}

/** Which file holds the network. */
export interface ModelFile {
  /** Name beside the config. */
  readonly file: string;
  /** SHA-256 of the file, 64 hexadecimal digits in lower case. */
  readonly sha256: string;
  /** Size of the file. */
  readonly bytes: number;
}

/**
 * A second network that draws the detail of larger pictures: cascaded diffusion (Ho et al. 2021) with one step. It has the
 * inputs of `model.onnx` but for the condition, at the larger size.
 */
export interface Upsampler {
  /** How many times as wide and as high its pictures are. */
  readonly scale: number;
  /** What it was trained on. */
  readonly process: Process;
  /** Coordinate of the level of noise that pictures are taken to have: sigma (edm), index or time (vp), time (flow). */
  readonly level: number;
  /** The network's file. */
  readonly model: ModelFile;
}

/** Everything needed to draw pictures with a model: the contract between training and serving. */
export interface ModelConfig {
  /** Version of this format. */
  readonly version: 1;
  /** Name of the model and of its folder. */
  readonly name: string;
  /** Shape of a picture as it is sampled; an upsampler's are larger, see `drawnShape()`. */
  readonly image: ImageShape;
  /** Noise process and preconditioning. */
  readonly process: Process;
  /** What can be asked of the model; absent from unconditional ones. */
  readonly condition?: ConditionLayout;
  /** What a seed alone may draw; without it such a picture is unconditional. See `seedSubject()`. */
  readonly subjects?: Subjects;
  /** What the pictures show that the model learned from; words of a request mean one of them. See `seedSubject()`. */
  readonly concepts?: Concepts;
  /** How to sample. */
  readonly sampling: SamplingDefaults;
  /** What enlarges finished pictures; absent where they are not. */
  readonly upsampler?: Upsampler;
  /** Free summary of the training run. */
  readonly training: Readonly<Record<string, unknown>>;
  /** SPDX expression for the weights. */
  readonly license: string;
  /** Whom the licences of the training data ask to name. */
  readonly attribution: readonly string[];
  /** The network's file. */
  readonly model: ModelFile;
}

/** Shape of a model's finished pictures. */
export function drawnShape(
  { image, upsampler }: Pick<ModelConfig, "image" | "upsampler">,
): ImageShape {
  const { scale } = upsampler ?? { scale: 1 };
  return { ...image, width: scale * image.width, height: scale * image.height };
}

/** Shape of some of a model's pictures: finished, or on their way. */
export function shapeOf(
  config: Pick<ModelConfig, "image" | "upsampler">,
  planes: Float32Array,
): ImageShape {
  const { image } = config;
  return planes.length === pictureSize(image) ? image : drawnShape(config);
}

/** The files of a model's networks. */
export function filesOf(
  { model, upsampler }: Pick<ModelConfig, "model" | "upsampler">,
): ModelFile[] {
  return upsampler ? [model, upsampler.model] : [model];
}

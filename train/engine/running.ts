/**
 * What a worker thread of the training engine has open while it trains.
 *
 * @module
 */

import * as tf from "@tensorflow/tfjs";
import type { ConditionLayout } from "@emoji/diffusion/condition";
import type { LossAwareSampler } from "@emoji/diffusion/losses";
import { type Backend, openBackend } from "../backend.ts";
import { type BatchSource, batchSource } from "../batch.ts";
import { conditionLayout } from "../condition_layout.ts";
import { loadDataset } from "../dataset.ts";
import {
  findTeacher,
  openTeacher,
  type TeacherPaths,
} from "../distillation/read_teacher.ts";
import type { GivenNetworks } from "../given_networks.ts";
import { lossGradient, type LossGradientOf } from "../loss_gradient.ts";
import { summarizeCritic } from "../matching/critic.ts";
import {
  type RealnessSlope,
  realnessSlope,
  withoutLogits,
} from "../matching/discriminate.ts";
import { decayMask, summarizeNetwork } from "../network/parameters.ts";
import { type OpenOptimizer, openOptimizer } from "../open_optimizer.ts";
import { type TensorNetwork, tensorNetwork } from "../tensor_network.ts";
import type { SampledNetwork } from "../upsampling/denoise_first.ts";
import { type TrainingMemory, viewMemory } from "./memory.ts";
import type { WorkerSetup } from "./messages.ts";

/** A worker's part of a run. */
export interface Running {
  setup: WorkerSetup;
  /** The backend, for people. */
  description: string;
  memory: TrainingMemory;
  network: TensorNetwork;
  lossGradient: LossGradientOf;
  drawBatch: BatchSource;
  decayMask: Uint8Array;
  optimizer: OpenOptimizer;
  /** What the network learns from beside pictures. */
  given: GivenNetworks;
  /** The network and its critic, for answers without gradients; where it learns by distribution matching. */
  matched?: {
    student: TensorNetwork;
    critic: TensorNetwork;
    slope: RealnessSlope;
  };
  /** What levels are drawn by, where that depends on the losses so far. */
  aware?: LossAwareSampler | undefined;
}

/** Opens what a worker needs. */
export async function openRunning(setup: WorkerSetup): Promise<Running> {
  const { config } = setup;
  const { kernels, compile, description } = await openBackend(setup.backend, {
    threads: setup.threads,
    precision: setup.precision,
  });
  const dataset = await loadDataset(setup.data);
  const layout = conditionLayout(
    dataset.manifest.vocabularies,
    config.distillation,
  );
  const { parameters } = summarizeNetwork(
    config.network,
    config.size,
    layout.size,
  );
  const network = tensorNetwork(config.network, parameters, kernels);
  const given = await openGiven(setup, layout, { kernels, compile });
  const memory = viewMemory(setup.memory, setup.layout);
  const others = summarizeCritic(config, layout);
  const critic = others && {
    network: tensorNetwork(others.network, others.parameters, kernels),
    size: others.size,
  };
  const learned = [...parameters, ...others?.parameters ?? []];
  return {
    setup,
    description,
    memory,
    network,
    lossGradient: lossGradient(network, config, compile, critic),
    drawBatch: batchSource(dataset, layout, config),
    decayMask: decayMask(learned),
    optimizer: openOptimizer(config.optimizer, learned),
    given,
    ...(critic && {
      matched: {
        student: compiledNetwork(network, compile),
        critic: compiledNetwork(withoutLogits(critic.network), compile),
        slope: compiledSlope(critic.network, compile),
      },
    }),
  };
}

/** Opens a teacher, the worse version of it, the model whose pictures are to be enlarged: what there is. */
async function openGiven(
  { config, teacher: paths = {} }: WorkerSetup,
  { size, step }: ConditionLayout,
  { kernels, compile }: Pick<Backend, "kernels" | "compile">,
): Promise<GivenNetworks> {
  async function open(role: keyof TeacherPaths): Promise<SampledNetwork> {
    const path = paths[role]!;
    const stored = openTeacher(
      await findTeacher(path, role),
      path,
      role,
      step?.offset ?? size,
      config,
    );
    const network = tensorNetwork(stored.network, stored.parameters, kernels);
    return {
      network: compiledNetwork(network, compile),
      flat: tf.tensor1d(stored.weights),
      features: stored.features,
    };
  }
  const { teacher, weak, sampled } = paths;
  return {
    ...(teacher !== undefined && {
      teacher: {
        ...await open("teacher"),
        ...(weak !== undefined && { weak: await open("weak") }),
      },
    }),
    ...(sampled !== undefined && { sampled: await open("sampled") }),
  };
}

/** A network whose answers are one operation each. */
function compiledNetwork(
  network: TensorNetwork,
  compile: Backend["compile"],
): TensorNetwork {
  const predict = compile((...inputs) => [
    network.predict(...inputs as Parameters<TensorNetwork["predict"]>),
  ]);
  return {
    predict: (flat, x, level, condition) =>
      predict(flat, x, level, condition)[0] as tf.Tensor4D,
  };
}

/** The slope of what looks real to a critic, as one operation. */
function compiledSlope(
  network: TensorNetwork,
  compile: Backend["compile"],
): RealnessSlope {
  const slope = compile((...inputs) => [
    realnessSlope(network)(...inputs as Parameters<RealnessSlope>),
  ]);
  return (flat, x, level, condition) =>
    slope(flat, x, level, condition)[0] as tf.Tensor4D;
}

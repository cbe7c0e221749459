import type { BackendName, Precision } from "../backend.ts";
import type { RunConfig } from "../config.ts";

/** One way of running a step, to be timed. */
export interface BenchSetup {
  /** The run; weights and examples are its first ones. */
  config: RunConfig;
  /** Folder of its data set. */
  data: string;
  /** Where tensors live. */
  backend: BackendName;
  /** Type in which pictures travel through the network. */
  precision: Precision;
  /** Worker threads. */
  workers: number;
}

/** What was measured, or why nothing was. */
export type BenchResult =
  | {
    /** The backend, for people. */
    description: string;
    /** Training pictures a second: drawing them, forward, backward, optimiser. */
    imagesPerSecond: number;
    /** Billions of multiplications and additions of the network a second, backward counted as twice forward. */
    gflops: number;
    /** Memory of the process at the end, in bytes. */
    memory: number;
  }
  | {
    /** What is missing. */
    error: string;
  };

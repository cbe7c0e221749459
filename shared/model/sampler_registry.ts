import { ddim } from "../solvers/ddim.ts";
import { ddpm } from "../solvers/ddpm.ts";
import { dpmpp2m } from "../solvers/dpmpp_2m.ts";
import { euler } from "../solvers/euler.ts";
import { heun } from "../solvers/heun.ts";
import type { Solver } from "../solvers/solver.ts";

/** A solver that a model config or a request can name. */
export interface SamplerEntry {
  /** Makes the solver; `eta` is 0 unless {@linkcode SamplerEntry.eta} is set. */
  readonly solver: (eta: number) => Solver;
  /** Network evaluations of a step; the last step needs one. */
  readonly evaluations: number;
  /** Whether `eta` has a meaning. */
  readonly eta: boolean;
  /** Whether a step without noise of its own is a straight line to the clean estimate, as a distilled network expects. */
  readonly straight: boolean;
  /** What it is, for people. */
  readonly title: string;
}

/** Every sampler that can be asked for by name. Names are never changed, only added. */
export const SAMPLERS: ReadonlyMap<string, SamplerEntry> = new Map<
  string,
  SamplerEntry
>([
  ["ddim", {
    solver: (eta) => ddim({ eta }),
    evaluations: 1,
    eta: true,
    straight: true,
    title: "DDIM: first order; eta adds noise, 1 makes it DDPM",
  }],
  ["ddpm", {
    solver: () => ddpm(),
    evaluations: 1,
    eta: false,
    straight: false,
    title: "DDPM: ancestral sampling; wants many steps",
  }],
  ["euler", {
    solver: () => euler(),
    evaluations: 1,
    eta: false,
    straight: true,
    title: "Euler's method: first order",
  }],
  ["heun", {
    solver: () => heun(),
    evaluations: 2,
    eta: false,
    straight: false,
    title: "Heun's method: second order, two evaluations a step",
  }],
  ["dpmpp-2m", {
    solver: () => dpmpp2m(),
    evaluations: 1,
    eta: false,
    straight: false,
    title: "DPM-Solver++(2M): second order, good from few steps on",
  }],
]);

import type { Teacher, TrainedNetwork } from "./distillation/guided.ts";
import type { SampledNetwork } from "./upsampling/denoise_first.ts";

/** Other networks that a run learns from. */
export interface GivenNetworks {
  /** What a distilled network learns from, or what judges enlarged pictures. */
  teacher?: Teacher | undefined;
  /** The networks of distribution matching as they are now. */
  matched?: { student: TrainedNetwork; critic: TrainedNetwork } | undefined;
  /** Whose pictures an upsampler enlarges. */
  sampled?: SampledNetwork | undefined;
}

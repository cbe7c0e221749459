import type { Teacher, TrainedNetwork } from "./distillation/guided.ts";
import type { RealnessSlope } from "./matching/discriminate.ts";
import type { SampledNetwork } from "./upsampling/denoise_first.ts";

/** Other networks that a run learns from. */
export interface GivenNetworks {
  /** What a distilled network learns from, or what judges enlarged pictures. */
  teacher?: Teacher | undefined;
  /** The networks of distribution matching as they are now. */
  matched?: MatchedNetworks | undefined;
  /** Whose pictures an upsampler enlarges. */
  sampled?: SampledNetwork | undefined;
}

/** The networks of distribution matching. */
export interface MatchedNetworks {
  /** The network that draws. */
  student: TrainedNetwork;
  /** The critic, which sees clean pictures in noisy ones. */
  critic: TrainedNetwork;
  /** What makes pictures look real to the critic, where it tells them from drawn ones. */
  slope?: RealnessSlope | undefined;
}

const BETAS = "beta_start beta_end beta_schedule trained_betas";
const ZERO = "rescale_betas_zero_snr";
const SPACING = "timestep_spacing steps_offset";
const CLIP = "clip_sample clip_sample_range";
const THRESHOLD = "thresholding dynamic_thresholding_ratio sample_max_value";
// Classes with grids look for the ends in whatever a file has, though few take them as arguments.
const GRIDS =
  "use_karras_sigmas use_exponential_sigmas use_beta_sigmas sigma_min sigma_max";
const FLOW = "use_flow_sigmas flow_shift";
const SHIFTING = "use_dynamic_shifting time_shift_type";
const EDM = "sigma_min sigma_max sigma_data sigma_schedule rho";

const DDPM = `${BETAS} ${ZERO} variance_type ${CLIP} ${THRESHOLD} ${SPACING}`;
const DDIM =
  `${BETAS} ${ZERO} ${CLIP} ${THRESHOLD} ${SPACING} set_alpha_to_one`;
const DISTILLED = `${DDIM} original_inference_steps timestep_scaling`;
const KARRAS = `${BETAS} ${GRIDS} ${SPACING}`;
const SOLVER = `${BETAS} ${GRIDS} ${FLOW} ${THRESHOLD} lower_order_final`;
const DPM =
  `${SOLVER} solver_order algorithm_type solver_type lambda_min_clipped variance_type`;

/** What each class takes beside `num_train_timesteps` and `prediction_type`. */
const CLASSES: Readonly<Record<string, string>> = {
  DDPMScheduler: DDPM,
  DDPMParallelScheduler: DDPM,
  DDIMScheduler: DDIM,
  DDIMParallelScheduler: DDIM,
  DDIMInverseScheduler:
    `${BETAS} ${ZERO} ${CLIP} ${SPACING} set_alpha_to_one set_alpha_to_zero`,
  UnCLIPScheduler: `beta_schedule variance_type ${CLIP}`,
  PNDMScheduler: `${BETAS} ${SPACING} skip_prk_steps set_alpha_to_one`,
  LCMScheduler: DISTILLED,
  TCDScheduler: DISTILLED,
  DPMSolverMultistepScheduler:
    `${DPM} ${ZERO} ${SPACING} ${SHIFTING} euler_at_final use_lu_lambdas final_sigmas_type`,
  DPMSolverMultistepInverseScheduler: `${DPM} ${SPACING} euler_at_final`,
  DPMSolverSinglestepScheduler: `${DPM} ${SHIFTING} final_sigmas_type`,
  DPMSolverSDEScheduler: `${KARRAS} noise_sampler_seed`,
  UniPCMultistepScheduler:
    `${SOLVER} ${ZERO} ${SPACING} ${SHIFTING} solver_order solver_type predict_x0 disable_corrector solver_p final_sigmas_type shift_terminal`,
  DEISMultistepScheduler:
    `${SOLVER} ${SPACING} ${SHIFTING} solver_order solver_type algorithm_type`,
  SASolverScheduler:
    `${SOLVER} ${SPACING} predictor_order corrector_order tau_func algorithm_type lambda_min_clipped variance_type`,
  IPNDMScheduler: "trained_betas",
  EulerDiscreteScheduler:
    `${KARRAS} ${ZERO} interpolation_type timestep_type final_sigmas_type`,
  EulerAncestralDiscreteScheduler: `${BETAS} ${ZERO} ${SPACING}`,
  HeunDiscreteScheduler: `${KARRAS} ${CLIP}`,
  LMSDiscreteScheduler: KARRAS,
  KDPM2DiscreteScheduler: KARRAS,
  KDPM2AncestralDiscreteScheduler: KARRAS,
  EDMEulerScheduler: `${EDM} final_sigmas_type`,
  EDMDPMSolverMultistepScheduler:
    `${EDM} ${THRESHOLD} solver_order algorithm_type solver_type lower_order_final euler_at_final final_sigmas_type`,
  CMStochasticIterativeScheduler:
    "sigma_min sigma_max sigma_data s_noise rho clip_denoised",
  FlowMatchEulerDiscreteScheduler:
    `shift ${GRIDS} ${SHIFTING} base_shift max_shift base_image_seq_len max_image_seq_len invert_sigmas shift_terminal stochastic_sampling`,
  FlowMatchHeunDiscreteScheduler: "shift",
};

/** Fields of all classes, the last ones of early versions of diffusers. */
const COMMON =
  "num_train_timesteps prediction_type predict_epsilon tensor_format timestep_values";

/**
 * The fields that a class of diffusers reads: the arguments of its constructor (version 0.42.1), and what it looks for in
 * its file beside.
 *
 * @param className Name of the class.
 * @returns Names of fields.
 */
export function fieldsOf(className: string): ReadonlySet<string> {
  return new Set(`${COMMON} ${CLASSES[className] ?? ""}`.trim().split(" "));
}

/** The fields of all classes together. */
export const ALL_FIELDS: ReadonlySet<string> = new Set(
  Object.keys(CLASSES).flatMap((name) => [...fieldsOf(name)]),
);

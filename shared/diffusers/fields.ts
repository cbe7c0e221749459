import type { ConfigReader, SchedulerConfig } from "./config.ts";

/** Fields of the classes that are known here, by what they are about. The last ones are of early versions of diffusers. */
const FIELDS: ReadonlySet<string> = new Set(
  `num_train_timesteps beta_start beta_end beta_schedule trained_betas rescale_betas_zero_snr
  prediction_type predict_x0 variance_type
  clip_sample clip_sample_range clip_denoised thresholding dynamic_thresholding_ratio sample_max_value
  timestep_spacing timestep_type timestep_scaling steps_offset original_inference_steps interpolation_type
  sigma_min sigma_max sigma_data sigma_schedule rho final_sigmas_type lambda_min_clipped set_alpha_to_one
  use_karras_sigmas use_exponential_sigmas use_beta_sigmas use_lu_lambdas use_flow_sigmas
  shift flow_shift shift_terminal invert_sigmas stochastic_sampling
  use_dynamic_shifting time_shift_type base_shift max_shift base_image_seq_len max_image_seq_len
  solver_order solver_type solver_p algorithm_type lower_order_final euler_at_final skip_prk_steps
  predictor_order corrector_order disable_corrector tau_func noise_sampler_seed s_noise
  predict_epsilon set_alpha_to_zero tensor_format timestep_values`.split(/\s+/),
);

/** The one value that is supported of a field, in all classes. */
const ONLY = {
  use_dynamic_shifting: false, // the shift itself is to be given
  interpolation_type: "linear",
  solver_p: null,
  tau_func: null,
  s_noise: 1,
  predict_epsilon: true,
  set_alpha_to_zero: true,
} as const;

/**
 * Refuses fields that would be ignored: names that no class has, unless they are null or false, and values that are
 * not supported. Files keep fields of other classes that they were made from: those mean nothing, as in diffusers.
 *
 * @param config The configuration.
 * @param reader Its reader.
 * @throws {RangeError} If there is such a field.
 */
export function checkFields(
  config: SchedulerConfig,
  reader: ConfigReader,
): void {
  for (const [field, value] of Object.entries(config)) {
    const isOff = value === null || value === undefined || value === false;
    if (isOff || field.startsWith("_") || FIELDS.has(field)) continue;
    throw new RangeError(
      `Cannot read a ${reader.className} as its fields must be those of diffusers: current value is ${
        JSON.stringify(field)
      }`,
    );
  }
  for (const [field, value] of Object.entries(ONLY)) reader.only(field, value);
}

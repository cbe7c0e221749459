import { fromDiffusers } from "@emoji/diffusion/diffusers";
import assert from "node:assert/strict";
import { dummyModel, near, runLoop } from "./reference.ts";

Deno.test("fromDiffusers() Euler with continuous timesteps tells a network that predicts v a quarter of ln sigma", async () => {
  // As published with Stable Video Diffusion.
  const config = {
    "_class_name": "EulerDiscreteScheduler",
    "prediction_type": "v_prediction",
    "sigma_max": 700,
    "sigma_min": 0.002,
    "timestep_spacing": "leading",
    "timestep_type": "continuous",
    "use_karras_sigmas": true,
  };
  const told: number[] = [];
  const model = (x: Float64Array, t: number) => {
    told.push(t);
    return dummyModel(x, t);
  };
  await runLoop({ config, steps: 3, float32: false, model });
  // 0.25*np.log((700**(1/7) + np.linspace(0, 1, 3)*(.002**(1/7) - 700**(1/7)))**7)
  [1.63777008376, 0.68665690441, -1.55365202461].forEach((t, i) =>
    near(told[i]!, t, 1e-11, `t ${i}`)
  );
  assert.equal(told.length, 3);
  assert.deepEqual(
    fromDiffusers({ ...config, prediction_type: "epsilon" }, 3).levels,
    fromDiffusers({
      ...config,
      prediction_type: "epsilon",
      timestep_type: "discrete",
    }, 3).levels,
  );
});

Deno.test("fromDiffusers() DPMMInverse with euler_at_final makes its second step of order 1", async () => {
  const last = (fields: Record<string, unknown>) =>
    runLoop({
      config: {
        "_class_name": "DPMSolverMultistepInverseScheduler",
        "lower_order_final": false,
        ...fields,
      },
      steps: 2,
      float32: false,
    });
  const first = await last({ solver_order: 1 });
  assert.deepEqual(await last({ euler_at_final: true }), first);
  assert.notDeepEqual(await last({}), first);
});

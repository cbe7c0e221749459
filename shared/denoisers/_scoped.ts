import type { DenoiseCall } from "./denoiser.ts";

/**
 * A call for one of several denoisers that stand side by side: what it remembers has names of its own, so that wrappers
 * of the same kind in two branches do not take each other's arrays. All of it still lies in the run's one memory.
 *
 * @param call The call to the wrapper around them.
 * @param branch Name of the branch, unique in that wrapper.
 */
export function scoped(call: DenoiseCall, branch: string): DenoiseCall {
  const { memory } = call;
  if (memory === undefined) return call;
  return {
    ...call,
    memory: {
      get: (name) => memory.get(`${branch}/${name}`),
      set: (name, array) => memory.set(`${branch}/${name}`, array),
    },
  };
}

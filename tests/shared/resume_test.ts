import {
  ddim,
  type Denoiser,
  dpmppSde,
  packRun,
  sample,
  type StepEvent,
  steps,
  unpackRun,
} from "@emoji/diffusion";
import { karrasLevels } from "@emoji/diffusion/steps";
import assert from "node:assert/strict";

const half: Denoiser = (x) => x.map((value) => value / 2);

for (const solver of [ddim({ eta: 1 }), dpmppSde()]) {
  const run = { levels: karrasLevels(6), solver, size: 8 };
  const options = { ...run, seeds: [1, "b"] };

  Deno.test(`StepEvent.state() of ${solver.name} is that after the step, when the run has long gone on`, async () => {
    const events: StepEvent[] = [];
    for await (const event of steps(half, options)) events.push(event);
    for (const event of events) {
      const resume = unpackRun(packRun(event.state()));
      assert.equal(resume.index, event.index + 1);
      assert.deepEqual(
        await sample(half, { ...run, resume }),
        events.at(-1)!.x,
      );
    }
  });

  Deno.test(`StepEvent.state() of ${solver.name} goes on to the same bits where the next step was aborted`, async () => {
    for (const last of [1, 2, 3, 4, 5]) {
      const controller = new AbortController();
      let evaluations = 0;
      let kept: StepEvent | undefined;
      const stopping: Denoiser = (x) => {
        if (kept !== undefined && ++evaluations === last) controller.abort();
        return half(x, run.levels[0]!, { images: 2, step: 0 });
      };
      const { signal } = controller;
      await assert.rejects(
        sample(stopping, {
          ...options,
          signal,
          onStep: (event) => void (kept = event),
        }),
        { name: "AbortError" },
      );
      const resume = unpackRun(packRun(kept!.state()));
      assert.deepEqual(
        await sample(half, { ...run, resume }),
        await sample(half, options),
      );
    }
  });
}

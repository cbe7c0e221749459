import golden from "../../testdata/goldens/diffusers_random.json" with {
  type: "json",
};
import { near, runLoop, sumOf } from "./reference.ts";

interface Run {
  config: Record<string, unknown> & { _class_name: string };
  steps: number;
  sum: number;
}

const byClass = Map.groupBy(
  golden.runs as unknown as Run[],
  ({ config }) => config._class_name,
);
for (const [name, runs] of byClass) {
  Deno.test(`fromDiffusers() equals ${name} in ${runs.length} configurations drawn at random`, async () => {
    for (const { config, steps, sum } of runs) {
      const eta = name === "TCDScheduler" ? 0.3 : 0;
      const x = await runLoop({ config, steps, float32: true, eta });
      near(sumOf(x), sum, 2e-4 * sum + 1e-3, JSON.stringify(config));
    }
  });
}

import assert from "node:assert/strict";
import { configure } from "../../train/configure.ts";
import { readOptions } from "../../train/options.ts";
import { checkResumed } from "../../train/resume.ts";
import { OPTIONS } from "../../train/train_options.ts";

const configured = (line: string) =>
  configure(readOptions(OPTIONS, line.split(" ").filter(Boolean)));

function resume(begun: string, now: string): void {
  checkResumed(configured(now), configured(begun), "runs/a");
}

Deno.test("checkResumed() lets a run last longer, learn slower and stop sooner", () => {
  resume("", "--images 9000000 --lr 1e-4 --cooldown 0.5 --snapshots 4");
  resume("--min-snr 5 --loss l1", "--min-snr 5 --loss l1 --images 9");
});

Deno.test("checkResumed() names what would change what the run learns", () => {
  const folder = "--preset ddpm --from";
  const cases: [begun: string, now: string, message: RegExp][] = [
    [`${folder} cats`, `${folder} dogs`, /--from .*, cats: .* is dogs;/],
    ["--loss l1", "", /--loss .*, l1: .* is mse;/],
    ["--min-snr 5", "", /--min-snr .*, 5: .* is none;/],
    ["--level-mean -3", "", /--level-mean .*, -3: .* is -0.1;/],
    ["", "--level-std 2", /--level-std .*, 1.5: .* is 2;/],
    ["--offset-noise 0.1", "", /--offset-noise .*, 0.1: .* is none;/],
    [
      "--preset emoji-notebook --faithful",
      "--preset emoji-notebook",
      /--faults .*deaf,clamp-training: .* is none;/,
    ],
    ["--seed 3", "", /--seed .*, 3: .* is 1;/],
  ];
  for (const [begun, now, message] of cases) {
    assert.throws(() => resume(begun, now), message, begun || now);
  }
});

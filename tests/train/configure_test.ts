import assert from "node:assert/strict";
import { readOptions } from "../../train/options.ts";
import { emoji } from "../../train/presets/emoji.ts";
import { configure } from "../../train/configure.ts";
import { datasetName } from "../../train/data/recipe.ts";
import { SOURCES } from "../../train/data/sources/registry.ts";
import { OPTIONS } from "../../train/train_options.ts";

const configured = (...args: string[]) => configure(readOptions(OPTIONS, args));

Deno.test("configure() draws noise levels by --level-mean and --level-std, the preset's where one is not given", () => {
  const { levels } = emoji.objective;
  assert(levels.type === "log-normal");
  const levelsOf = (...args: string[]) => configured(...args).objective.levels;
  assert.deepEqual(levelsOf(), levels);
  assert.deepEqual(levelsOf("--level-mean=-0.7"), { ...levels, mean: -0.7 });
  assert.deepEqual(levelsOf("--level-mean", "0", "--level-std", "2"), {
    ...levels,
    mean: 0,
    std: 2,
  });
  assert.throws(
    () => configured("--preset", "ddpm", "--level-std", "1"),
    /as those of the preset must be log-normal: ddpm has /,
  );
});

Deno.test("configure() has an upsampler judged where --enlarge goes with --distill and --matching, by what is not guided", () => {
  const upsampler = ["--preset", "upsampler", "--enlarge", "a"];
  assert(configured(...upsampler).upsample!.denoised);
  const judged = [...upsampler, "--distill", "b", "--matching"];
  const { denoised, matching } = configured(...judged).upsample!;
  assert.equal(denoised, undefined);
  assert(matching);
  assert.throws(
    () => configured(...upsampler, "--distill", "b"),
    /--distill b goes with --enlarge and --matching/,
  );
  for (
    const [name, value] of [
      ["--autoguide", "c"],
      ["--guidance", "2"],
      ["--centring", "1"],
      ["--matching-guidance", "1"],
    ] as const
  ) {
    assert.throws(
      () => configured(...judged, name, value),
      new RegExp(`${name} ${value} as what judges .* is not guided`),
    );
  }
});

Deno.test("configure() has pictures come to look real by --adversarial, a share of --matching", () => {
  const upsampler = ["--preset", "upsampler", "--enlarge", "a"];
  const half = ["--adversarial", "0.5"];
  const matching = ["--distill", "b", "--matching"];
  const judged = configured(...upsampler, ...matching, ...half).upsample!;
  assert.equal(judged.matching!.adversarial, 0.5);
  const { distillation } = configured(...matching, ...half);
  assert.equal(distillation!.matching!.adversarial, 0.5);
  assert.throws(
    () => configured(...half),
    /Cannot use --adversarial as it goes with --matching: add that/,
  );
  assert.throws(
    () => configured("--preset", "emoji-notebook", ...matching, ...half),
    /network must be a unet: emoji-notebook has plain-unet/,
  );
});

Deno.test("configure() refuses what would change nothing", () => {
  const cases: [args: string[], message: RegExp][] = [
    [["--guidance", "2"], /--guidance as it goes with --distill/],
    [["--distill", "a", "--autoguidance", "2"], /goes with --autoguide/],
    [["--distill", "a", "--matching-guidance", "2"], /goes with --matching/],
    [
      ["--distill", "a", "--matching", "--matching-autoguidance", "3"],
      /goes with --autoguide/,
    ],
    [["--distill", "a", "--level-mean", "0"], /takes those of its runs/],
    [["--n-epochs", "1", "--images", "5"], /takes the place of --images/],
    [["--faithful", "--faults", "stretch"], /takes the place of --faults/],
    [["--distill", "a", "--min-snr", "5"], /--distill weighs its steps alike/],
    [["--faults", "deaf"], /network must be a plain-unet/],
  ];
  for (const [args, message] of cases) {
    assert.throws(() => configured(...args), message, args.join(" "));
  }
});

Deno.test("configure() mirrors pictures behind the network's back only where they mean the same", () => {
  const flip = (...args: string[]) =>
    configured("--preset", "annotated", "--from", "a", ...args)
      .augmentation.flip;
  assert.equal(flip("--source", "fashion-mnist"), 0.5);
  assert.equal(flip("--source", "folder"), 0.5);
  assert.equal(flip("--source", "mnist"), 0);
  assert.equal(flip("--source", "mnist-package"), 0);
});

Deno.test("configure() names a data set as deno task prepare does", () => {
  for (const source of Object.keys(SOURCES)) {
    const { data } = configured("--source", source, "--from", "my/own");
    if (source === "emoji") continue; // the preset's own
    assert.equal(data.name, datasetName(source, "my/own"));
    assert.equal(data.name === "own", /folder/.test(source));
  }
});

Deno.test("configure() names the data set of a folder by the folder", () => {
  const dataOf = (...args: string[]) => configured(...args).data;
  assert.equal(dataOf("--preset", "ddpm", "--from", "my/cats").name, "cats");
  assert.deepEqual(dataOf("--source", "folder", "--from", "my/cats/"), {
    source: "folder",
    name: "cats",
    encoding: "premultiplied-rgba",
  });
  assert.equal(dataOf("--preset", "ddpm").name, "folder");
});

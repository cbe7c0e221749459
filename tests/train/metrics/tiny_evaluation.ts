import { createHash } from "node:crypto";
import { conditionLayout } from "../../../train/condition_layout.ts";
import { collect } from "../../../train/data/collect.ts";
import { syntheticSource } from "../../../train/data/sources/synthetic.ts";
import { saveDataset } from "../../../train/dataset.ts";
import { tinyModel, tinyOnnx } from "../../edge/tiny_model.ts";

/** What a program wrote. */
export interface ProgramOutput {
  code: number;
  stdout: string;
  stderr: string;
}

/** Runs a program of `train/` on the folder of {@linkcode tinyEvaluation}. */
export async function runTrain(
  program: string,
  dir: string,
  ...args: string[]
): Promise<ProgramOutput> {
  const { code, stdout, stderr } = await new Deno.Command(Deno.execPath(), {
    args: [
      ...["run", "--no-check", "-A", `train/${program}.ts`],
      ...["--data", dir, "--dataset", "tiny", "--models", dir],
      ...["--model", "tiny", ...args],
    ],
    cwd: new URL("../../../", import.meta.url),
  }).output();
  const decode = (bytes: Uint8Array) => new TextDecoder().decode(bytes);
  return { code, stdout: decode(stdout), stderr: decode(stderr) };
}

/** A folder with the data set `tiny-32` and an untrained model `tiny`; `clean` deletes it. */
export async function tinyEvaluation(): Promise<
  { dir: string; clean: () => Promise<void> }
> {
  const dir = await Deno.makeTempDir();
  const source = syntheticSource({ count: 150 });
  const { dataset } = await collect(source, { size: 32 });
  await saveDataset(`${dir}/tiny-32`, dataset);
  const condition = conditionLayout(dataset.manifest.vocabularies);
  const onnx = tinyOnnx(condition.size);
  const config = {
    ...tinyModel().config,
    condition,
    model: {
      file: "model.onnx",
      sha256: createHash("sha256").update(onnx).digest("hex"),
      bytes: onnx.length,
    },
  };
  await Deno.mkdir(`${dir}/tiny`);
  await Deno.writeFile(`${dir}/tiny/model.onnx`, onnx);
  await Deno.writeTextFile(`${dir}/tiny/config.json`, JSON.stringify(config));
  return { dir, clean: () => Deno.remove(dir, { recursive: true }) };
}

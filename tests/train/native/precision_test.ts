import assert from "node:assert/strict";
import { findTensorflow } from "../../../train/native/library.ts";
import { fasterPrecision } from "../../../train/native/precision.ts";
import { runTrainTask } from "../train_task.ts";

const dir = await Deno.makeTempDir();
globalThis.addEventListener("unload", () => {
  Deno.removeSync(dir, { recursive: true });
});

/** The line about the backend that `deno task train` prints, with its permissions and no more. */
async function backendLine(env: Record<string, string> = {}): Promise<string> {
  const { stderr: lines } = await runTrainTask([
    ...["--preset", "tiny", "--batch-size", "4", "--workers", "1"],
    ...["--backend", "native", "--dry-run", "--data", dir],
  ], env);
  return lines.match(/^backend: .*$/m)?.[0] ?? lines;
}

/** What the processor says of itself; `undefined` where it does not say or does not matter. */
function cpuHasBfloat16(): boolean | undefined {
  try {
    const info = Deno.readTextFileSync("/proc/cpuinfo");
    return /\b(avx512_bf16|amx_bf16)\b/.test(info);
  } catch {
    return undefined;
  }
}

const library = findTensorflow();
const bfloat16 = cpuHasBfloat16();
const ignore = library === undefined || bfloat16 === undefined;
const suffix = ignore ? " (ignored: no TensorFlow library on Linux)" : "";

Deno.test({
  name:
    `train --precision auto uses bfloat16 where the processor has it, with the permissions of the task${suffix}`,
  ignore,
  async fn() {
    const line = await backendLine();
    if (line.includes(" on GPU, ")) return;
    assert.match(line, bfloat16 ? /on CPU, bfloat16/ : /on CPU, float32/);
  },
});

Deno.test({
  name:
    `train --precision auto uses float32 where the library has no bfloat16 convolution${suffix}`,
  ignore,
  async fn() {
    const line = await backendLine({
      ONEDNN_MAX_CPU_ISA: "AVX2",
      CUDA_VISIBLE_DEVICES: "",
    });
    assert.match(line, /on CPU, float32/);
  },
});

Deno.test("fasterPrecision() takes bfloat16 for a clear win only", () => {
  assert.equal(fasterPrecision({ float32: 10, bfloat16: 6 }), "bfloat16");
  assert.equal(fasterPrecision({ float32: 10, bfloat16: 9 }), "float32");
  assert.equal(fasterPrecision({ float32: 10, bfloat16: 400 }), "float32");
});

import assert from "node:assert/strict";
import { agrees, LAYERS, type Slope } from "../network/layer_slopes.ts";

/** What a program beside this one prints: a line of JSON each. */
async function run<Line>(name: string, ...args: string[]): Promise<Line[]> {
  const program = new URL(name, import.meta.url).href;
  const { stdout } = await new Deno.Command(Deno.execPath(), {
    args: ["run", "--no-check", "-A", program, ...args],
    stderr: "null",
  }).output();
  const lines = new TextDecoder().decode(stdout).trim().split("\n");
  return lines.map((line) => JSON.parse(line));
}

const [probe] = await run<{ adapter: string | null }>("agree.ts", "--probe");
const adapter = probe?.adapter ?? null;
const suffix = adapter ? "" : " (ignored: no WebGPU adapter)";

Deno.test({
  name: `losses of webgpu and wasm agree to 1e-3 over 200 steps${suffix}`,
  ignore: !adapter,
  async fn() {
    const [result] = await run<
      { steps: number; difference: number; tensors: number }
    >("agree.ts");
    const { steps, difference, tensors } = result!;
    assert.equal(steps, 200);
    assert(difference < 1e-3, `Losses differ by ${difference}`);
    assert.equal(tensors, 0);
  },
});

Deno.test({
  name: `gradients of every layer follow finite differences on webgpu${suffix}`,
  ignore: !adapter,
  async fn() {
    const layers = await run<{ name: string; slopes: Slope[] }>("gradients.ts");
    const names = layers.map(({ name }) => name);
    assert.deepEqual(names, Object.keys(LAYERS));
    for (const { name, slopes } of layers) {
      assert.equal(slopes.length, 3);
      for (const slope of slopes) {
        assert(agrees(slope), `${name}: ${JSON.stringify(slope)}`);
      }
    }
  },
});

import assert from "node:assert/strict";

async function run(...args: string[]): Promise<Record<string, unknown>> {
  const program = new URL("./agree.ts", import.meta.url).href;
  const { stdout } = await new Deno.Command(Deno.execPath(), {
    args: ["run", "-A", program, ...args],
    stderr: "null",
  }).output();
  return JSON.parse(new TextDecoder().decode(stdout));
}

const { adapter } = await run("--probe");

Deno.test({
  name: `losses of webgpu and wasm agree to 1e-3 over 200 steps${
    adapter ? "" : " (ignored: no WebGPU adapter)"
  }`,
  ignore: !adapter,
  async fn() {
    const { steps, difference, tensors } = await run();
    assert.equal(steps, 200);
    assert(difference as number < 1e-3, `Losses differ by ${difference}`);
    assert.equal(tensors, 0);
  },
});

// Our steps against those of diffusers on PyTorch, one thread each, one after the other:
//   python3 -m venv /tmp/peers && /tmp/peers/bin/pip install torch==2.13.0 diffusers
//   deno run -A tests/bench/peers/compare_samplers.ts /tmp/peers/bin/python
import { microsecondsPerStep, SHAPES, SOLVERS } from "../sampler_bench.ts";

/** Largest share of diffusers' time by shape: small images are won by overhead, large ones by vector units. */
const BARS = [0.4, 0.8, 2];

const python = Deno.args[0] ?? "python3";
const script = new URL("diffusers_steps.py", import.meta.url).pathname;
const { stdout, success, stderr } = await new Deno.Command(python, {
  args: [script],
  env: { OMP_NUM_THREADS: "1" },
}).output();
if (!success) throw new Error(new TextDecoder().decode(stderr));
const peers = new TextDecoder().decode(stdout).trim().split("\n").map((line) =>
  JSON.parse(line)
);

let failed = false;
for (const [k, [images, size]] of SHAPES.entries()) {
  for (const [name, make] of Object.entries(SOLVERS)) {
    const { us, shape } = peers.find(({ name: peer, shape: [n, c, h, w] }) =>
      peer === name && n === images && c * h * w === size
    );
    const ours = await microsecondsPerStep(make(), images, size, 20);
    const ratio = ours / us;
    failed ||= ratio > BARS[k]!;
    console.log(
      `${name} [${shape}]: ${ours.toFixed(1)} µs, diffusers ${
        us.toFixed(1)
      } µs, ratio ${ratio.toFixed(2)}, bar ${BARS[k]}${
        ratio > BARS[k]! ? " MISSED" : ""
      }`,
    );
  }
}
if (failed) Deno.exit(1);

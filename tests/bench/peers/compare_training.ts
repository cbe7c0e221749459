// Our training step against PyTorch's: the emoji notebook's U-Net (0.94 M parameters, 32×32 RGB), batch 64, forward,
// backward, Adam, two threads, in alternating rounds; exits with 1 where a bar is missed.
//   python3 -m venv /tmp/peers && /tmp/peers/bin/pip install torch==2.13.0
//   deno run -A tests/bench/peers/compare_training.ts /tmp/peers/bin/python [ROUNDS [SECONDS]]
import { TextLineStream } from "./text_lines.ts";

const [python = "python3", rounds = "5", seconds = "3"] = Deno.args;
const THREADS = "2";

/** Least images a second relative to PyTorch. */
const BARS = { float32: 1.1, bfloat16: 1.5 } as const;

/** Starts a program that answers each line with a line of JSON. */
function openPeer(command: string, args: string[]) {
  const child = new Deno.Command(command, {
    args,
    stdin: "piped",
    stdout: "piped",
    stderr: "null",
  }).spawn();
  const writer = child.stdin.getWriter();
  const answers = child.stdout.pipeThrough(new TextDecoderStream())
    .pipeThrough(new TextLineStream()).getReader();
  return {
    async ask(line: string): Promise<number> {
      await writer.write(new TextEncoder().encode(`${line}\n`));
      const { value, done } = await answers.read();
      if (done) throw new Error(`${command} ended without an answer`);
      return JSON.parse(value).imagesPerSecond;
    },
    close: () => writer.close(),
  };
}

const path = (name: string) => new URL(name, import.meta.url).pathname;
const engine = path("engine_unet.ts");
const pytorch = openPeer(python, [path("pytorch_unet.py"), THREADS]);
const ours = {
  float32: openPeer("deno", ["run", "-A", engine, "float32", THREADS]),
  bfloat16: openPeer("deno", ["run", "-A", engine, "bfloat16", THREADS]),
};

const speeds: Record<string, number[]> = {};
for (let round = 0; round < Number(rounds); round++) {
  const measured = {
    "PyTorch, contiguous": await pytorch.ask(`contiguous ${seconds}`),
    "float32": await ours.float32.ask(seconds),
    "PyTorch, channels_last": await pytorch.ask(`channels_last ${seconds}`),
    "bfloat16": await ours.bfloat16.ask(seconds),
  };
  for (const [name, speed] of Object.entries(measured)) {
    (speeds[name] ??= []).push(speed);
  }
}
await Promise.all(
  [pytorch, ...Object.values(ours)].map((peer) => peer.close()),
);

const median = (values: number[]) =>
  values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)]!;
for (const [name, values] of Object.entries(speeds)) {
  const all = values.map((value) => value.toFixed(0)).join(" ");
  console.log(
    `${name.padEnd(24)}${median(values).toFixed(0)} images/s (${all})`,
  );
}
const best = Math.max(
  median(speeds["PyTorch, contiguous"]!),
  median(speeds["PyTorch, channels_last"]!),
);
let failed = false;
for (const [name, bar] of Object.entries(BARS)) {
  const ratio = median(speeds[name]!) / best;
  failed ||= ratio < bar;
  console.log(
    `${name} against PyTorch: ${ratio.toFixed(2)}, bar ${bar}${
      ratio < bar ? " MISSED" : ""
    }`,
  );
}
Deno.exit(failed ? 1 : 0);

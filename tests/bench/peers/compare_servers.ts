// Our server against one of the same kind in Python, two processors each, in turn: milliseconds a picture of 10 steps of DDIM.
//   python3 -m venv /tmp/peers && /tmp/peers/bin/pip install torch==2.13.0 diffusers onnx onnxruntime pillow fastapi uvicorn
//   deno run -A tests/bench/peers/compare_servers.ts --python /tmp/peers/bin/python
import {
  alphaSnap,
  drawPlanes,
  planSampling,
} from "@emoji/diffusion/model-sampler";
import { encodeCondition } from "@emoji/diffusion/condition";
import { philoxNoise } from "@emoji/diffusion/random";
import { seedSubject } from "@emoji/diffusion/seed-subject";
import { pictureSize, planesToPicture } from "@emoji/diffusion/image";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { wasmEngine } from "../../../edge/engines/wasm.ts";
import { readModelFolders } from "../../../edge/models/model_folder.ts";
import { runProgram } from "../../../train/options.ts";
import { startServer } from "../../edge/server_process.ts";
import { requestBytes } from "../../load/connection.ts";
import { generateLoad, quantile } from "../../load/generate.ts";

const SCRIPT = fileURLToPath(new URL("draw_server.py", import.meta.url));
const MODELS = fileURLToPath(new URL("../../../models", import.meta.url));

const OPTIONS = {
  python: {
    type: "string",
    default: "python3",
    help: "Python with the packages named above",
  },
  model: { type: "string", default: "emoji-32", help: "folder in models/" },
  engine: {
    type: "string",
    default: "native",
    choices: ["native", "wasm"],
    help: "our engine",
  },
  workers: {
    type: "number",
    default: 2,
    integer: true,
    min: 1,
    help: "our threads that draw; the network has 2 between them",
  },
  threads: {
    type: "number",
    default: 2,
    integer: true,
    min: 1,
    help: "PyTorch's threads for a picture; several pictures are drawn at once",
  },
  rounds: {
    type: "number",
    default: 5,
    integer: true,
    min: 1,
    help: "turns of each server",
  },
  seconds: { type: "number", default: 3, min: 0.5, help: "length of a turn" },
} as const;

const STEPS = 10;
/** How much faster we have to be. */
const BAR = 1.5;
/** Largest difference to onnxruntime's output, and to our bytes. */
const TOLERANCE = 1e-4;
const BYTE_TOLERANCE = 2;

if (import.meta.main) {
  await runProgram(
    "Compares our server with one in Python.",
    OPTIONS,
    async ({ python, model, engine, workers, threads, rounds, seconds }) => {
      await checkPeer(python, model);
      await using server = await startServer({
        modelsDir: MODELS,
        variables: { MODEL: model, CACHE_MB: "0", WORKERS: String(workers) },
        task: engine === "native" ? "start:native" : "start",
      });
      using peer = await startPeer(python, model, threads);
      const servers = [
        {
          name: `ours (${engine})`,
          url: server.url,
          query: "&sampler=ddim&eta=0",
        },
        { name: "diffusers", url: peer.url, query: "" },
      ];
      for (const clients of [1, 4]) {
        const times = servers.map(() => [] as number[]);
        let count = 0;
        for (let round = -1; round < rounds; round++) {
          for (const [k, { url, query }] of servers.entries()) {
            const { rate, times: answers } = await generateLoad({
              url,
              connections: clients,
              seconds: round < 0 ? 1 : seconds, // the first turn warms up
              next: () => ({
                bytes: requestBytes(
                  `${url}/emoji?steps=${STEPS}&seed=${count++}${query}`,
                ),
              }),
            });
            const statuses = [...answers.keys()];
            if (statuses.some((status) => status !== 200)) {
              throw new Error(
                `Cannot compare as all requests must be drawn: ${url} answers ${statuses}`,
              );
            }
            if (round >= 0) times[k]!.push(1000 / rate);
          }
        }
        const [own, other] = times.map((list) =>
          quantile(list.sort((a, b) => a - b), 0.5)
        ) as [number, number];
        console.log(
          `${clients} clients: ${servers[0]!.name} ${
            own.toFixed(1)
          } ms a picture, ${servers[1]!.name} ${other.toFixed(1)} ms, ${
            (other / own).toFixed(2)
          } times as fast`,
        );
        if (other / own < BAR) Deno.exitCode = 1;
      }
    },
  );
}

/** Holds the peer to onnxruntime's output and to our picture. */
async function checkPeer(python: string, model: string): Promise<void> {
  const [folder] = await readModelFolders(MODELS, model);
  const { config, readOnnx } = folder!;
  const seed = 42;
  const asked = seedSubject(config, {}, seed);
  const noise = new Float32Array(pictureSize(config.image));
  philoxNoise(seed).normal(noise);
  const plan = planSampling(config, { steps: STEPS, sampler: "ddim", eta: 0 });
  const engine = await wasmEngine(config, await readOnnx());
  const planes = await drawPlanes(config, engine.network, {
    seeds: [seed],
    plan,
  });
  const { rgba } = planesToPicture(planes, config.image, {
    alphaSnap: alphaSnap(config, STEPS),
  });
  const child = new Deno.Command(python, {
    args: [
      SCRIPT,
      join(MODELS, model),
      "1",
      "check",
      String(STEPS),
    ],
    stdin: "piped",
    stdout: "piped",
  }).spawn();
  await new Blob([
    noise,
    ...[asked, {}].map((condition) =>
      new Float32Array(encodeCondition(config.condition!, condition))
    ),
  ]).stream().pipeTo(child.stdin);
  const { stdout } = await child.output();
  const peer: { difference: number; rgba: number[] } = JSON.parse(
    new TextDecoder().decode(stdout),
  );
  const differs = Math.max(
    ...rgba.map((byte, i) => Math.abs(byte - peer.rgba[i]!)),
  );
  console.log(
    `PyTorch and onnxruntime differ by ${
      peer.difference.toExponential(1)
    }, pictures by ${differs} of 255`,
  );
  if (peer.difference > TOLERANCE || differs > BYTE_TOLERANCE) {
    throw new Error("Cannot compare as the servers must draw the same");
  }
}

/** Starts the Python server and waits for its first picture. */
async function startPeer(
  python: string,
  model: string,
  threads: number,
): Promise<{ url: string } & Disposable> {
  const probe = Deno.listen({ port: 0, hostname: "127.0.0.1" });
  const { port } = probe.addr;
  probe.close();
  const child = new Deno.Command(python, {
    args: [SCRIPT, join(MODELS, model), String(threads), String(port)],
  }).spawn();
  const url = `http://127.0.0.1:${port}`;
  for (;;) {
    try {
      const response = await fetch(`${url}/emoji?seed=1`);
      await response.body?.cancel();
      if (response.ok) break;
    } catch {
      await new Promise((resolve) => setTimeout(resolve, 200));
    }
  }
  return { url, [Symbol.dispose]: () => child.kill("SIGTERM") };
}

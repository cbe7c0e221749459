import {
  brownianNoise,
  philoxNoise,
  torchNoise,
} from "@emoji/diffusion/random";

const million = new Float32Array(1_000_000);
const picture = new Float32Array(4 * 32 * 32);
const philox = philoxNoise(1);
const torch = torchNoise(1);
const path = brownianNoise(1, { max: 80 });

Deno.bench(
  "philoxNoise() 1 M normals",
  { group: "normals", baseline: true },
  () => philox.normal(million),
);
Deno.bench(
  "torchNoise() 1 M normals",
  { group: "normals" },
  () => torch.normal(million),
);
Deno.bench(
  "philoxNoise() 1 M uniforms",
  { group: "uniforms" },
  () => philox.uniform(million),
);

Deno.bench("philoxNoise() a picture of 4,096", {
  group: "picture",
  baseline: true,
}, () => philox.normal(picture));
Deno.bench(
  "torchNoise() a picture of 4,096",
  { group: "picture" },
  () => torch.normal(picture),
);
Deno.bench(
  "brownianNoise() a step of 4,096",
  { group: "picture" },
  () => path.normal(picture, { from: 5, to: 3.1 }),
);
Deno.bench(
  "philoxNoise() a seed and a picture of 4,096",
  { group: "picture" },
  () => philoxNoise("kitten").normal(picture),
);

import { philoxNoise } from "@emoji/diffusion/random";

const million = new Float32Array(1_000_000);
const picture = new Float32Array(4 * 32 * 32);
const source = philoxNoise(1);

Deno.bench(
  "philox: 1 M normals",
  { group: "normal" },
  () => source.normal(million),
);
Deno.bench(
  "philox: a picture of 4,096 normals",
  { group: "picture" },
  () => source.normal(picture),
);

import assert from "node:assert/strict";
import {
  approximateNormalCdf,
  discretizedLogLikelihood,
  normalKl,
} from "@emoji/diffusion/likelihood";
import file from "../../testdata/goldens/improved_diffusion.json" with {
  type: "json",
};

const { goldens } = file;
const near = (actual: number, expected: number) =>
  assert.ok(
    Math.abs(actual - expected) <= 1e-9 * Math.abs(expected) + 1e-13,
    `${actual}, ${expected}`,
  );

Deno.test("normalKl() equals normal_kl of improved-diffusion", () => {
  for (const [key, expected] of Object.entries(goldens["normal_kl"])) {
    const [mean1, logVariance1, mean2, logVariance2] = key.slice(1, -1).split(
      ",",
    ).map(Number) as [number, number, number, number];
    near(normalKl(mean1, logVariance1, mean2, logVariance2), expected);
  }
});

Deno.test("discretizedLogLikelihood() equals discretized_gaussian_log_likelihood of improved-diffusion", () => {
  for (
    const [key, expected] of Object.entries(
      goldens["discretized_gaussian_log_likelihood"],
    )
  ) {
    const [x, mean, logScale] = key.split(",").map((part) =>
      Number(part.split("=")[1])
    ) as [number, number, number];
    near(discretizedLogLikelihood(x, mean, logScale), expected);
  }
});

Deno.test("approximateNormalCdf() equals approx_standard_normal_cdf of improved-diffusion", () => {
  for (
    const [x, expected] of Object.entries(goldens["approx_standard_normal_cdf"])
  ) near(approximateNormalCdf(Number(x)), expected);
});

Deno.test("discretizedLogLikelihood() sums to 1 over the 256 values", () => {
  for (
    const [mean, logScale] of [[0, -2], [0.3, -1], [-0.99, -4], [2, 0]] as const
  ) {
    let sum = 0;
    for (let value = 0; value < 256; value++) {
      sum += Math.exp(
        discretizedLogLikelihood(value / 127.5 - 1, mean, logScale),
      );
    }
    assert.ok(Math.abs(sum - 1) < 1e-9, `${sum}`);
  }
});

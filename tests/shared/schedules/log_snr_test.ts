import assert from "node:assert/strict";
import {
  boundedCosineLogSnr,
  cosineLogSnr,
  interpolatedLogSnr,
  linearLogSnr,
  logSnrLevel,
  shiftedLogSnr,
} from "@emoji/diffusion/schedules";

function near(actual: number, expected: number): void {
  assert.ok(
    Math.abs(actual - expected) <= 1e-12 * Math.max(1, Math.abs(expected)),
    `${actual}, ${expected}`,
  );
}

Deno.test("linearLogSnr() and cosineLogSnr() equal lucidrains' continuous-time schedules", () => {
  // -math.log(math.expm1(1e-4 + 10 * t * t)) and -math.log(max(math.cos((t + s) / (1 + s) * math.pi / 2) ** -2 - 1,
  // 1e-5))
  near(linearLogSnr(0), 9.210290371559516);
  near(linearLogSnr(0.5), -2.4144584583198525);
  near(linearLogSnr(1), -10.000054603579601);
  const cosine = cosineLogSnr();
  near(cosine(0), 8.769294788200295);
  near(cosine(0.5), -0.024933920896264044);
  near(cosine(0.9), -3.701659475067543);
  near(cosineLogSnr({ min: 1 })(0), 0);
});

Deno.test("boundedCosineLogSnr(), shifted and interpolated, equals simple diffusion", () => {
  // -2 * math.log(math.tan(a + t * (b - a))) with a, b = atan(exp(-7.5)), atan(exp(7.5)); shift 2 * math.log(64 / 128)
  const cosine = boundedCosineLogSnr();
  near(cosine(0), 15);
  near(cosine(0.25), 1.7611832477357736);
  near(shiftedLogSnr(cosine, 64, 128)(0.25), 0.37488888661588304);
  near(
    interpolatedLogSnr(
      shiftedLogSnr(cosine, 32, 128),
      shiftedLogSnr(cosine, 64, 128),
    )(0.25),
    0.0283152963359104,
  );
});

Deno.test("logSnrLevel() is variance preserving and has the ratio asked for", () => {
  for (const logSnr of [-30, -1, 0, 2, 30]) {
    const { alpha, sigma, t } = logSnrLevel(logSnr, 0.5);
    near(alpha ** 2 + sigma ** 2, 1);
    near(2 * Math.log(alpha / sigma), logSnr);
    assert.equal(t, 0.5);
  }
  assert.deepEqual(logSnrLevel(Infinity, 0), { alpha: 1, sigma: 0, t: 0 });
  assert.deepEqual(logSnrLevel(-Infinity, 1), { alpha: 0, sigma: 1, t: 1 });
});

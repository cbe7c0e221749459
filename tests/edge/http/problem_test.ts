import assert from "node:assert/strict";
import { fakeApp, get } from "../fixtures.ts";

/** Names of an answer's headers that pages of other sites may read, beside those that they always may. */
function exposed({ headers }: Response): string[] {
  return headers.get("access-control-expose-headers")!.toLowerCase()
    .split(", ");
}

Deno.test("HttpProblem tells pages of other sites when to come back", async () => {
  const rare = fakeApp({ rate: { burst: 1, perSecond: 0.1 } }).app;
  await get(rare, "/emoji?seed=1");
  const full = fakeApp({ queue: { capacity: 0 } }).app;
  const answers = await Promise.all([
    get(rare, "/emoji?seed=1"),
    ...[1, 2].map((seed) => get(full, `/emoji?seed=${seed}`)),
  ]);
  assert.deepEqual(answers.map(({ status }) => status), [429, 200, 503]);
  for (const answer of [answers[0]!, answers[2]!]) {
    const { headers } = answer;
    assert.equal(headers.get("access-control-allow-origin"), "*");
    assert.equal(headers.get("x-content-type-options"), "nosniff");
    assert.match(headers.get("retry-after")!, /^[1-9]\d*$/);
    assert.ok(exposed(answer).includes("retry-after"), `${answer.status}`);
    for (const name of ["ratelimit", "ratelimit-policy"]) {
      assert.equal(headers.has(name), answer.status === 429);
      assert.ok(exposed(answer).includes(name));
    }
  }
});

import assert from "node:assert/strict";
import { Flights } from "../../../edge/routes/flights.ts";

Deno.test("Flights share a run until the last one leaves", async () => {
  const flights = new Flights<number>();
  let starts = 0;
  let aborted = 0;
  const never = (signal: AbortSignal) => {
    starts++;
    return new Promise<number>((_, reject) =>
      signal.addEventListener("abort", () => {
        aborted++;
        reject(signal.reason);
      })
    );
  };
  const [a, b] = [new AbortController(), new AbortController()];
  const first = flights.join("x", never, a.signal);
  const second = flights.join("x", never, b.signal);
  assert.equal(starts, 1);
  a.abort(new Error("gone a"));
  await assert.rejects(first, /gone a/);
  assert.equal(aborted, 0);
  b.abort(new Error("gone b"));
  await assert.rejects(second, /gone b/);
  assert.equal(aborted, 1);
  assert.equal(flights.size, 0);
});

Deno.test("Flights start anew after a run is over, well or not", async () => {
  const flights = new Flights<number>();
  assert.equal(await flights.join("x", () => Promise.resolve(1)), 1);
  await assert.rejects(
    flights.join("x", () => Promise.reject(new Error("no"))),
    /no/,
  );
  assert.equal(await flights.join("x", () => Promise.resolve(2)), 2);
  const aborted = AbortSignal.abort(new Error("late"));
  await assert.rejects(
    flights.join("x", () => Promise.resolve(3), aborted),
    /late/,
  );
});

Deno.test("Flights do not abort a run that is over", async () => {
  let aborted = false;
  const flights = new Flights<number>();
  await flights.join("x", (signal) => {
    signal.addEventListener("abort", () => aborted = true);
    return Promise.resolve(1);
  });
  assert.equal(aborted, false);
});

import assert from "node:assert/strict";
import { encodePng } from "@emoji/diffusion/png";
import { PICTURE_SCHEMA } from "../../../edge/openapi/schemas.ts";
import { signPath } from "../../../edge/guards/access.ts";
import { fakeApp, get, json } from "../fixtures.ts";

const PICTURE = { width: 32, height: 32, rgba: new Uint8Array(4 * 32 * 32) };

const options = { decode: () => Promise.resolve(PICTURE) };

/** A form that asks for an edit. */
function form(fields: Record<string, string>): RequestInit {
  const body = new FormData();
  body.set("image", new Blob([encodePng(PICTURE)]), "x.png");
  for (const [name, text] of Object.entries(fields)) body.set(name, text);
  return { method: "POST", body };
}

Deno.test("POST /emoji/edits answers in JSON with no URL, which would draw another picture, and parameters that it takes", async () => {
  const { app } = fakeApp(options);
  const fields = { seed: "1", prompt: "cat", strength: "0.5", format: "json" };
  const edited = await json(await get(app, "/emoji/edits", form(fields)));
  const drawn = await json(await get(app, "/emoji.json?seed=1&prompt=cat"));
  const { url, ...rest } = drawn;
  assert.equal(typeof url, "string");
  assert.deepEqual(Object.keys(edited), Object.keys(rest));
  assert.deepEqual(edited.parameters, drawn.parameters);
  for (const name of PICTURE_SCHEMA.required as string[]) {
    assert.ok(name in edited, name);
  }
});

Deno.test("POST /emoji/edits refuses a query, but for a signature", async () => {
  const { app } = fakeApp(options);
  const refused = await get(app, "/emoji/edits?seed=1&bogus=1", form({}));
  assert.equal(refused.status, 400);
  const { errors } = await json(refused);
  assert.deepEqual(
    errors,
    ["seed", "bogus"].map((parameter) => ({
      parameter,
      detail: "belongs in the form",
      allowed: "nothing but sig",
    })),
  );
  const signed = await signPath("/emoji/edits", "key");
  for (const signingKeys of [[], ["key"]]) {
    const { app } = fakeApp({ ...options, signingKeys });
    assert.equal((await get(app, signed, form({}))).status, 200);
  }
});

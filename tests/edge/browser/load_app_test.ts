import assert from "node:assert/strict";
import { loadApp } from "../../../edge/browser/load_app.ts";

Deno.test("loadApp() asks for the server's first model without drawing, which may need a token", async () => {
  const asked: string[] = [];
  const server = Deno.serve({ port: 0, onListen() {} }, ({ url, method }) => {
    const { pathname } = new URL(url);
    asked.push(`${method} ${pathname}`);
    return pathname === "/models"
      ? Response.json([{ name: "first" }, { name: "second" }])
      : new Response(null, { status: 401 });
  });
  await assert.rejects(
    loadApp({
      engine: "wasm",
      makeEngine: () => Promise.reject(new Error("there is no network")),
      server: `http://localhost:${server.addr.port}/`,
      ort: "ort.wasm",
      codecs: { png: "png.wasm", jpeg: "jpeg.wasm", webp: "webp.wasm" },
    }),
    /models\/first\/config\.json as the server must answer 200: current value is 401/,
  );
  assert.deepEqual(asked, ["GET /models", "GET /models/first/config.json"]);
  await server.shutdown();
});

/// <reference lib="dom" />

import assert from "node:assert/strict";
import { startLocalHost } from "../../../edge/browser/local_host.ts";
import type { ToPage, ToWorker } from "../../../edge/browser/messages.ts";

/** A worker that answers with the path of what it is asked for. */
class EchoWorker {
  onmessage: ((event: { data: ToPage }) => void) | null = null;
  #say(data: ToPage): void {
    queueMicrotask(() => this.onmessage?.({ data }));
  }
  postMessage(message: ToWorker): void {
    if (message.type === "start") {
      this.#say({ type: "ready", engine: "wasm", model: "tiny" });
    } else if (message.type === "request") {
      const { id, url } = message;
      const { pathname, search } = new URL(url);
      const bytes = new TextEncoder().encode(pathname + search);
      this.#say({ type: "head", id, status: 200, headers: [] });
      this.#say({ type: "chunk", id, bytes });
      this.#say({ type: "end", id });
    }
  }
  terminate(): void {}
}

/** Runs `fn` where the global scope has what the build and browsers put into it. */
async function inPage(fn: () => Promise<void>): Promise<void> {
  const files = { worker: "assets/worker.js", ort: "assets/ort.wasm" };
  const page = {
    Worker: EchoWorker,
    location: { origin: "https://emoji.example" },
    ENGINE_FILES: { wasm: files, webgpu: files },
    CODEC_FILES: {},
  };
  const before = Object.keys(page).map((name) =>
    [name, Object.getOwnPropertyDescriptor(globalThis, name)] as const
  );
  for (const [name, value] of Object.entries(page)) {
    Object.defineProperty(globalThis, name, { value, configurable: true });
  }
  try {
    await fn();
  } finally {
    for (const [name, property] of before) {
      delete (globalThis as Record<string, unknown>)[name];
      if (property) Object.defineProperty(globalThis, name, property);
    }
  }
}

Deno.test("startLocalHost() asks the worker for the app's paths, whatever prefix the server has", async () => {
  await inPage(async () => {
    for (const prefix of ["/", "/behind/a/proxy/"]) {
      const server = `https://emoji.example${prefix}`;
      const host = startLocalHost({ server });
      for (const path of ["/emoji?seed=1", "emoji?seed=1"]) {
        const response = await host.fetch(path);
        assert.equal(await response.text(), "/emoji?seed=1", prefix + path);
      }
      host.close();
    }
  });
});

Deno.test("drawEmoji() draws from a script in a folder", async () => {
  await inPage(async () => {
    const { drawEmoji } = await import("../../../edge/browser/draw_emoji.ts");
    const blob = await drawEmoji({ seed: 1, engine: "wasm" });
    assert.equal(await blob.text(), "/emoji?seed=1");
  });
});

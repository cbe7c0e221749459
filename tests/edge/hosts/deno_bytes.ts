import assert from "node:assert/strict";
import { encodePng } from "@emoji/diffusion/png";
import { encodeWebp } from "@emoji/diffusion/webp";
import encodeJpeg from "npm:@jsquash/jpeg@1.6.0/encode.js";
import { createApp } from "../../../edge/app.ts";
import { decodePicture } from "../../../edge/edits/codec_files.ts";
import { wasmEngine } from "../../../edge/engines/wasm.ts";
import { loadModels } from "../../../edge/models/load_models.ts";
import { readModelFolders } from "../../../edge/models/model_folder.ts";
import { localRenderer } from "../../../edge/render/local_renderer.ts";

/** A request that every host must answer alike. */
export interface Question {
  /** What it is called in a test. */
  readonly name: string;
  /** Path and query. */
  readonly path: string;
  /** A form to post there. */
  readonly form?: () => FormData;
}

/** An answer, to be compared. */
export interface Answer {
  /** HTTP status. */
  readonly status: number;
  /** Its ETag. */
  readonly etag: string | null;
  /** Its body. */
  readonly bytes: Uint8Array;
}

/** Requests that reach every part of the app that could differ between hosts. */
export const QUESTIONS: readonly Question[] = [
  ...[
    "/emoji?seed=42",
    "/emoji?seed=hello&prompt=red+heart&style=noto&steps=7&guidance=3",
    "/emoji?seed=7&steps=5&sampler=ddpm&size=100",
    "/emoji.png?seed=9007199254740989&n=3&background=fc0",
    "/emoji?seed=42&model=tiny-64",
    "/emoji.gif?seed=42&model=tiny-64&steps=3&size=50",
    "/emoji.svg?seed=42&model=tiny-64",
  ].map((path) => ({ name: `GET ${path}`, path })),
  ...Object.entries(await uploads()).map(([name, bytes]) => ({
    name: `POST /emoji/edits with a ${name}`,
    path: "/emoji/edits",
    form() {
      const form = new FormData();
      form.set("seed", "42");
      form.set("image", new Blob([bytes]), "picture");
      return form;
    },
  })),
];

/** What Deno answers, for other hosts to be compared with. */
export async function denoAnswers(modelsDir: string): Promise<Answer[]> {
  const folders = await readModelFolders(modelsDir);
  const renderer = localRenderer(() => loadModels(folders, wasmEngine));
  const app = createApp({
    models: folders.map((folder) => ({ ...folder, engine: "wasm" })),
    renderer,
    decode: decodePicture,
  });
  const answers = [];
  for (const question of QUESTIONS) {
    const answer = await ask(
      question,
      (url, init) => app.fetch(new Request(url, init)),
    );
    const expected = question.name.includes("broken") ? 422 : 200;
    assert.equal(answer.status, expected, question.name);
    answers.push(answer);
  }
  await renderer.close();
  return answers;
}

/** Asks a server. */
export async function ask(
  { path, form }: Question,
  fetch: (url: URL, init?: RequestInit) => Promise<Response>,
  server: string | URL = "http://deno.test",
): Promise<Answer> {
  const response = await fetch(
    new URL(path, server),
    form && { method: "POST", body: form() },
  );
  const { status, headers } = response;
  return { status, etag: headers.get("etag"), bytes: await response.bytes() };
}

/** A picture in every format that can be uploaded, and a broken one. */
async function uploads(): Promise<Record<string, Uint8Array<ArrayBuffer>>> {
  const [width, height] = [60, 40];
  const rgba = Uint8Array.from(
    { length: 4 * width * height },
    (_, i) => i % 4 === 3 ? 255 - (i >> 6) % 3 * 60 : (i * i >> 7) % 256,
  );
  const png = encodePng({ width, height, rgba });
  const jpeg = await encodeJpeg(
    new ImageData(new Uint8ClampedArray(rgba), width, height),
  );
  return {
    PNG: png,
    WebP: encodeWebp({ width, height, rgba }),
    JPEG: new Uint8Array(jpeg),
    "broken PNG": png.slice(0, png.length / 2),
  };
}

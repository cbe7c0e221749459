/// <reference lib="dom" />
import type { ModelConfig } from "@emoji/diffusion/model-config";
import { pickEngine } from "../browser/pick_engine.ts";
import { draw, type Drawing } from "./draw.ts";
import { element } from "./elements.ts";
import { type Form, setUpForm } from "./form.ts";
import { remember } from "./memory.ts";
import { setUpMemoryList } from "./memory_list.ts";
import { fetchAt, fetchServer, isLoaded, type PlaceName } from "./places.ts";
import { checkResponse, DrawingError } from "./problem.ts";
import { compareWithServer } from "./proof.ts";
import { setUpRedraw } from "./redraw.ts";
import { setUpShare, type Shown } from "./share.ts";
import { setUpStage } from "./stage.ts";

const stage = setUpStage();
let form: Form;
let shown: Shown | undefined;
let run = new AbortController();
let running: string | undefined;

/** What a picture is called where it cannot be seen. */
function nameOf(
  query: URLSearchParams,
  { parameters }: Pick<Drawing, "parameters">,
): string {
  return `${query.get("prompt") ?? "emoji"}, seed ${parameters.seed}`;
}

/** Draws what the form asks for, in place of what is being drawn. */
async function drawForm(): Promise<void> {
  const place = form.place();
  const query = form.query();
  const asked = `${place}?${query}`;
  if (asked === running) return;
  running = asked;
  run.abort();
  const { signal } = run = new AbortController();
  history.replaceState(null, "", `?${query}`);
  stage.begin();
  try {
    const fetchPath = fetchAt(
      place,
      ({ loaded, total }) => stage.loading(loaded, total),
    );
    const started = performance.now();
    const drawing = await draw(fetchPath, query, {
      signal,
      onPreview: stage.preview,
    });
    const seconds = (performance.now() - started) / 1000;
    await show(drawing, { query, place, seconds, signal });
  } catch (error) {
    if (!signal.aborted) fail(error);
  } finally {
    if (!signal.aborted) running = undefined;
  }
}

/** Shows a finished picture. */
async function show(
  drawing: Drawing,
  { query, place, seconds, signal }: {
    query: URLSearchParams;
    place: PlaceName;
    seconds: number;
    signal: AbortSignal;
  },
): Promise<void> {
  const alt = nameOf(query, drawing);
  const where = {
    server: "by the server",
    wasm: "in this browser",
    webgpu: "on this GPU",
  };
  shown = {
    query,
    alt,
    size: Number(drawing.parameters.size),
    fetchPath: fetchAt(place, () => {}),
  };
  stage.finish(
    drawing.image,
    alt,
    `${alt} · ${where[place]} in ${seconds.toFixed(2)} s`,
  );
  element("picture", HTMLImageElement).classList.toggle(
    "pixel",
    drawing.parameters.resample === "pixel" || shown.size < 64,
  );
  element("unknown", HTMLElement).textContent = drawing.unknownWords.length > 0
    ? `The model does not know: ${drawing.unknownWords.join(", ")}`
    : "";
  memories.show(remember({ query: String(query), image: drawing.image, alt }));
  if (place === "server") return;
  const proof = await compareWithServer(
    fetchServer,
    drawing.url,
    drawing.image,
    signal,
  );
  if (proof.kind === "same") {
    stage.note(
      `✓ The server draws the same ${proof.bytes.toLocaleString("en")} bytes`,
      true,
    );
  } else if (proof.kind === "different") {
    stage.note(
      place === "wasm"
        ? "The server draws other bytes: it runs another engine"
        : "Graphics cards round differently: not the server's bytes",
    );
  }
}

/** Says what went wrong and offers what may help. */
function fail(error: unknown): void {
  const message = error instanceof DrawingError
    ? error.message
    : `Something went wrong: ${(error as Error).message}`;
  if (!(error instanceof DrawingError && error.elsewhere)) {
    return stage.fail(message);
  }
  const here = form.place() === "server" && isLoaded("wasm");
  stage.fail(
    message,
    here
      ? { label: "Draw in this browser", action: () => choosePlace("wasm") }
      : { label: "Try again", action: () => void drawForm() },
  );
}

function choosePlace(place: PlaceName): void {
  const radio = document.querySelector<HTMLInputElement>(
    `[name="where"][value="${place}"]`,
  )!;
  radio.checked = true;
  radio.focus();
  explainPlace();
  void drawForm();
}

function explainPlace(): void {
  const hints: Record<PlaceName, string> = {
    server: "",
    wasm:
      "The server's own code and model, in a worker of this page. Works offline once loaded.",
    webgpu:
      "The same on the graphics card: it looks the same, but is not the same bytes.",
  };
  element("where-hint", HTMLElement).textContent = hints[form.place()];
}

/** The config of the server's default model. */
async function fetchConfig(): Promise<ModelConfig> {
  const head = await fetchServer("/emoji?seed=0", { method: "HEAD" });
  await checkResponse(head);
  const response = await fetchServer(
    `/models/${head.headers.get("x-model")}/config.json`,
  );
  await checkResponse(response);
  return await response.json();
}

const memories = setUpMemoryList(({ query }) => {
  form.set(new URLSearchParams(query));
  void drawForm();
});

/** Starts the page. */
async function start(): Promise<void> {
  let waiting: ReturnType<typeof setTimeout> | undefined;
  form = setUpForm(await fetchConfig(), () => {
    clearTimeout(waiting);
    waiting = setTimeout(() => void drawForm(), 120);
  });
  form.set(new URLSearchParams(location.search));
  element("form", HTMLFormElement).addEventListener("submit", (event) => {
    event.preventDefault();
    void drawForm();
  });
  element("random", HTMLButtonElement).addEventListener("click", () => {
    form.randomSeed();
    void drawForm();
  });
  for (const radio of document.getElementsByName("where")) {
    radio.addEventListener("change", explainPlace);
  }
  setUpRedraw({
    query: form.query,
    place: () => fetchAt(form.place(), () => {}),
    onStart() {
      clearTimeout(waiting); // a change of the form must not draw over it
      run.abort();
      running = undefined;
      run = new AbortController();
      stage.begin();
      return run.signal;
    },
    onDone({ image, seed, strength }) {
      const alt = `${
        form.query().get("prompt") ?? "emoji"
      }, redrawn, seed ${seed}`;
      stage.finish(image, alt, `${alt} · strength ${strength}`);
      // No URL draws it again
      element("share", HTMLElement).hidden = true;
    },
    onError: fail,
  });
  setUpShare({ shown: () => shown, onDone: stage.announce, onError: fail });
  pickEngine().then((engine) =>
    element("webgpu", HTMLElement).hidden = engine !== "webgpu"
  );
  await drawForm();
}

start().catch((error: Error) =>
  stage.fail(error.message, {
    label: "Try again",
    action: () => location.reload(),
  })
);

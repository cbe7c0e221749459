/// <reference lib="dom" />

import { drawEmoji } from "./draw_emoji.ts";

const ATTRIBUTES = [
  "seed",
  "prompt",
  "style",
  "steps",
  "guidance",
  "size",
  "background",
  "engine",
] as const;

/** Makes `<draw-emoji>` known to the page, where there is one. */
export function defineDrawEmoji(): void {
  if (typeof customElements === "undefined") return;
  if (customElements.get("draw-emoji") !== undefined) return;
  customElements.define("draw-emoji", makeElement());
}

function makeElement(): CustomElementConstructor {
  /** A picture drawn from its attributes, anew whenever one changes. */
  return class DrawEmoji extends HTMLElement {
    static readonly observedAttributes = ATTRIBUTES;
    readonly #image = document.createElement("img");
    #run: AbortController | undefined;

    constructor() {
      super();
      this.attachShadow({ mode: "open" }).append(this.#image);
    }

    connectedCallback(): void {
      this.#draw();
    }

    disconnectedCallback(): void {
      this.#run?.abort();
    }

    attributeChangedCallback(): void {
      if (this.isConnected) this.#draw();
    }

    /** Waits a moment, since attributes often change together. */
    async #draw(): Promise<void> {
      this.#run?.abort();
      const run = this.#run = new AbortController();
      await Promise.resolve();
      if (run.signal.aborted) return;
      const options = Object.fromEntries(
        ATTRIBUTES.map((name) => [name, this.getAttribute(name) ?? undefined]),
      );
      try {
        const blob = await drawEmoji({ ...options, signal: run.signal });
        if (run.signal.aborted) return;
        URL.revokeObjectURL(this.#image.src);
        this.#image.src = URL.createObjectURL(blob);
        this.#image.alt = options.prompt ?? `emoji ${options.seed ?? ""}`;
        this.dispatchEvent(new Event("load"));
      } catch (error) {
        if (run.signal.aborted) return;
        this.dispatchEvent(
          new ErrorEvent("error", { error, message: (error as Error).message }),
        );
      }
    }
  };
}

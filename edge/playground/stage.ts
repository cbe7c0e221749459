/// <reference lib="dom" />
import { element } from "./elements.ts";
import type { Preview } from "./draw.ts";

/** The picture and what is said about it. */
export interface Stage {
  /** A run begins. */
  begin(): void;
  /** The run is on its way. */
  preview(preview: Preview): void;
  /** The model is on its way. */
  loading(loaded: number, total: number): void;
  /** The run is over. */
  finish(image: string, alt: string, caption: string): void;
  /** Something went wrong. */
  fail(message: string, remedy?: { label: string; action: () => void }): void;
  /** Says something about the finished picture. */
  note(text: string, good?: boolean): void;
  /** Tells those who cannot see the page. */
  announce(text: string): void;
}

/** Sets up the part of the page that shows the picture. */
export function setUpStage(): Stage {
  const figure = element("figure", HTMLElement);
  const picture = element("picture", HTMLImageElement);
  const progress = element("progress", HTMLProgressElement);
  const caption = element("caption", HTMLElement);
  const alert = element("alert", HTMLElement);
  const proof = element("proof", HTMLElement);
  const status = element("status", HTMLElement);
  const share = element("share", HTMLElement);

  function show(image: string, alt: string): void {
    picture.src = image;
    picture.alt = alt;
    picture.hidden = false;
  }

  return {
    begin() {
      figure.ariaBusy = "true";
      progress.removeAttribute("value");
      alert.hidden = true;
      proof.hidden = true;
    },
    preview({ step, steps, image }) {
      progress.max = steps;
      progress.value = step;
      caption.textContent = `Step ${step} of ${steps}`;
      show(image, `Unfinished picture, step ${step} of ${steps}`);
    },
    loading(loaded, total) {
      progress.max = total;
      progress.value = loaded;
      const mega = (bytes: number) => (bytes / 1e6).toFixed(1);
      caption.textContent = `Loading the model: ${mega(loaded)} of ${
        mega(total)
      } MB`;
    },
    finish(image, alt, text) {
      figure.ariaBusy = "false";
      show(image, alt);
      caption.textContent = text;
      status.textContent = `Drawn: ${alt}`;
      share.hidden = false;
    },
    fail(message, remedy) {
      figure.ariaBusy = "false";
      caption.textContent = "";
      alert.textContent = message;
      if (remedy !== undefined) {
        const button = document.createElement("button");
        button.type = "button";
        button.textContent = remedy.label;
        button.addEventListener("click", remedy.action);
        alert.append(document.createElement("br"), button);
      }
      alert.hidden = false;
    },
    note(text, good = false) {
      proof.textContent = text;
      proof.classList.toggle("same", good);
      proof.hidden = false;
    },
    announce(text) {
      status.textContent = text;
    },
  };
}

/// <reference lib="dom" />
import { element } from "./elements.ts";
import { forget, type Memory, recall } from "./memory.ts";

/** Shows what was drawn before. */
export interface MemoryList {
  /** Shows other memories. */
  show(memories: readonly Memory[]): void;
}

/**
 * Sets the list of earlier pictures up.
 *
 * @param onPick Called with the one that was chosen.
 */
export function setUpMemoryList(onPick: (memory: Memory) => void): MemoryList {
  const list = element("history", HTMLUListElement);
  const clear = element("clear", HTMLButtonElement);
  const empty = element("history-empty", HTMLElement);

  function show(memories: readonly Memory[]): void {
    list.replaceChildren(...memories.map((memory) => item(memory, onPick)));
    clear.hidden = memories.length === 0;
    empty.hidden = memories.length > 0;
  }

  clear.addEventListener("click", () => {
    forget();
    show([]);
    element("prompt", HTMLInputElement).focus();
  });
  show(recall());
  return { show };
}

function item(memory: Memory, onPick: (memory: Memory) => void): HTMLElement {
  const row = document.createElement("li");
  const button = document.createElement("button");
  const image = document.createElement("img");
  image.src = memory.image;
  image.alt = memory.alt;
  button.type = "button";
  button.title = memory.alt;
  button.addEventListener("click", () => onPick(memory));
  button.append(image);
  row.append(button);
  return row;
}

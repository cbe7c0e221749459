/// <reference lib="dom" />
import { drawnShape, type ModelConfig } from "@emoji/diffusion/model-config";
import { addOptions, element } from "./elements.ts";
import type { PlaceName } from "./places.ts";

/** Parameters of the API that the form has, in the order of its URLs. */
const NAMES = [
  "prompt",
  "style",
  "group",
  "seed",
  "steps",
  "guidance",
  "sampler",
  "size",
  "resample",
  "background",
] as const;

type Name = typeof NAMES[number];

/** Size of a picture unless another is chosen: sharp on the page, small to send. */
const SIZE = 256;

/** The controls, as the query that they stand for. */
export interface Form {
  /** What is asked for. Parameters at their defaults are left out, but never the seed. */
  query(): URLSearchParams;
  /** Sets the controls; parameters that `query` lacks go to their defaults. */
  set(query: URLSearchParams): void;
  /** Where to draw. */
  place(): PlaceName;
  /** Puts a new seed in. */
  randomSeed(): void;
}

/**
 * Sets the controls up for a model.
 *
 * @param config The model's config, as JSON.
 * @param onChange Called when a control was moved.
 */
export function setUpForm(config: ModelConfig, onChange: () => void): Form {
  const form = element("form", HTMLFormElement);
  const seed = element("seed", HTMLInputElement);
  const slider = element("seed-slider", HTMLInputElement);
  const { sampling, condition } = config;
  const defaults: Readonly<Record<Name, string>> = {
    prompt: "",
    style: "",
    group: "",
    seed: "",
    steps: String(sampling.steps),
    guidance: String(sampling.guidance),
    sampler: sampling.sampler,
    size: String(drawnShape(config).width),
    resample: "smooth",
    background: "",
  };

  fillChoices();
  form.addEventListener("input", ({ target }) => {
    if (target === slider) seed.value = slider.value;
    if (target === seed && /^\d{1,3}$/.test(seed.value)) {
      slider.value = seed.value;
    }
    showValues();
    if (target instanceof HTMLInputElement && target.type === "text") return;
    onChange();
  });
  // Text is drawn when it is finished, not at every key
  form.addEventListener("change", ({ target }) => {
    if (target === seed) onChange();
  });

  function fillChoices(): void {
    const styles = condition?.style?.values ?? [];
    const chips = element("style-chips", HTMLElement);
    chips.replaceChildren(...["", ...styles].map(styleChip));
    element("styles", HTMLElement).hidden = styles.length === 0;
    addOptions(
      element("group", HTMLSelectElement),
      condition?.group?.values ?? [],
    );
    addOptions(element("sampler", HTMLSelectElement), sampling.samplers);
    const sizes = [drawnShape(config).width, 64, 128, 256, 512, 1024];
    addOptions(
      element("size", HTMLSelectElement),
      [...new Set(sizes)].map(String),
    );
    const steps = element("steps", HTMLInputElement);
    steps.min = String(sampling.minSteps);
    steps.max = String(Math.min(sampling.maxSteps, 50));
  }

  function showValues(): void {
    for (const name of ["steps", "guidance"] as const) {
      element(`${name}-value`, HTMLOutputElement).value = field(name).value;
    }
  }

  /** A control by name; radio buttons are one control too. */
  function field(name: string): { value: string } {
    const found = form.elements.namedItem(name);
    if (!(found instanceof RadioNodeList)) {
      return found as HTMLInputElement | HTMLSelectElement;
    }
    const radios = [...found] as HTMLInputElement[];
    return {
      get value() {
        return found.value;
      },
      // a list of radio buttons cannot be set to the empty value
      set value(value) {
        for (const radio of radios) radio.checked = radio.value === value;
      },
    };
  }

  return {
    query() {
      const query = new URLSearchParams();
      for (const name of NAMES) {
        const value = field(name).value.trim();
        if (value !== defaults[name]) query.set(name, value);
      }
      return query;
    },
    set(query) {
      for (const name of NAMES) {
        const fallback = name === "size" ? String(SIZE) : defaults[name];
        field(name).value = query.get(name) ?? fallback;
      }
      if (seed.value === "") this.randomSeed();
      if (/^\d{1,3}$/.test(seed.value)) slider.value = seed.value;
      showValues();
    },
    place: () => field("where").value as PlaceName,
    randomSeed() {
      seed.value = String(
        crypto.getRandomValues(new Uint32Array(1))[0]! % 1000,
      );
      slider.value = seed.value;
    },
  };
}

function styleChip(style: string): HTMLElement {
  const label = document.createElement("label");
  const input = document.createElement("input");
  const name = document.createElement("span");
  input.type = "radio";
  input.name = "style";
  input.value = style;
  name.textContent = style === "" ? "any" : style;
  label.append(input, name);
  return label;
}

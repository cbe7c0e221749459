import type { Concept } from "./emoji_concepts.ts";
import type { NameLookup } from "./emoji_names.ts";
import { OWN_NAMES } from "./own_names.ts";
import { readPackageFile } from "../package_file.ts";
import type { Attribution } from "../source.ts";

/** The styles of emoji, each the npm package `@iconify-json/<style>`. */
export const EMOJI_STYLES = [
  "noto",
  "noto-v1",
  "twemoji",
  "fluent-emoji-flat",
  "fxemoji",
  "emojione",
] as const;

/** One drawing of a concept. */
export interface EmojiIcon {
  readonly concept: Concept;
  /** Name in its package. */
  readonly name: string;
  /** SVG document with a square view box. */
  readonly svg: string;
}

/** The drawings of one style. */
export interface EmojiIconSet {
  readonly style: string;
  readonly attribution: Attribution;
  /** At most one icon a concept, in the order of the concepts. */
  readonly icons: readonly EmojiIcon[];
}

interface Icon {
  body: string;
  left?: number;
  top?: number;
  width?: number;
  height?: number;
  hidden?: boolean;
}

interface IconSet {
  icons: Record<string, Icon>;
  width: number;
  height: number;
}

interface IconSetInfo {
  name: string;
  author: { name: string; url: string };
  license: { title: string; spdx: string; url: string };
}

/**
 * Reads one style and finds the icon of each concept: the one with the surest name, a current one
 * before a retired one.
 *
 * @param style One of {@linkcode EMOJI_STYLES}.
 */
export async function readEmojiIcons(
  style: string,
  concepts: readonly Concept[],
  lookup: NameLookup,
): Promise<EmojiIconSet> {
  const name = `@iconify-json/${style}`;
  const set: IconSet = JSON.parse(await readPackageFile(`${name}/icons.json`));
  const info: IconSetInfo = JSON.parse(
    await readPackageFile(`${name}/info.json`),
  );
  const { version }: { version: string } = JSON.parse(
    await readPackageFile(`${name}/package.json`),
  );
  const best = new Map<string, { name: string; cost: number }>();
  for (const [name, { hidden }] of Object.entries(set.icons)) {
    const own = OWN_NAMES[style]?.[name];
    const match = own === undefined ? lookup(name) : { concept: own, rank: 0 };
    if (match === undefined) continue;
    const cost = match.rank + (hidden ? 100 : 0);
    if (cost < (best.get(match.concept)?.cost ?? Infinity)) {
      best.set(match.concept, { name, cost });
    }
  }
  const icons = concepts.flatMap((concept) => {
    const name = best.get(concept.concept)?.name;
    return name === undefined
      ? []
      : [{ concept, name, svg: document(set, set.icons[name]!) }];
  });
  const attribution = {
    title: info.name,
    author: info.author.name,
    url: info.author.url,
    license: info.license,
    package: `npm:${name}`,
    version,
  };
  return { style, attribution, icons };
}

/** Puts an icon into the middle of a square view box. */
function document(set: IconSet, icon: Icon): string {
  const { left = 0, top = 0, width = set.width, height = set.height, body } =
    icon;
  const side = Math.max(width, height);
  const box = [left - (side - width) / 2, top - (side - height) / 2, side, side]
    .join(" ");
  return `<svg xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink" viewBox="${box}">${body}</svg>`;
}

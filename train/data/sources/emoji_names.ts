import { conceptKey } from "./emoji_concepts.ts";
import { readPackageFile } from "../package_file.ts";

/** What an icon's name means. */
export interface NameMatch {
  /** The emoji's {@linkcode conceptKey}, of any emoji, variants and flags too. */
  concept: string;
  /** How sure the match is: 0 is the present CLDR name, higher numbers are older and freer names. */
  rank: number;
}

/** Finds the emoji that a name stands for. */
export type NameLookup = (name: string) => NameMatch | undefined;

/** Icon sets that list the code points of their names. */
const SETS_WITH_CODE_POINTS = ["noto", "twemoji", "fluent-emoji-flat"];

const SHORTCODES = ["cldr", "emojibase", "github", "iamcal", "joypixels"];

/** Spells a name as icon sets do: "Twelve o’clock" is "twelve-oclock". */
export function slug(name: string): string {
  return name.toLowerCase().normalize("NFD").replace(
    /[\u0300-\u036f’'“”".,()!]/g,
    "",
  )
    .replaceAll("&", " and ").replace(/[^a-z0-9]+/g, "-").replace(/^-|-$/g, "");
}

/**
 * Collects every name an emoji has had. The sources are asked in this order, the first to know a
 * name decides: CLDR labels, names in the icon sets that list code points (old CLDR names), names of
 * the Unicode characters, chat shortcodes. A name spelt without hyphens is looked up last.
 */
export async function readEmojiNames(): Promise<NameLookup> {
  const names = new Map<string, NameMatch>();
  const add = (name: string, hexcode: string, rank: number) => {
    if (!names.has(slug(name))) {
      names.set(slug(name), { concept: conceptKey(hexcode), rank });
    }
  };
  const entries: { label: string; hexcode: string }[] = await readJson(
    "emojibase-data/en/data.json",
  );
  for (const { label, hexcode } of entries) add(label, hexcode, 0);
  for (const set of SETS_WITH_CODE_POINTS) {
    for (const [hexcode, name] of await codePoints(set)) add(name, hexcode, 1);
  }
  const unicode: Record<string, string> = await readJson(
    "emojibase-data/meta/unicode-names.json",
  );
  for (const [hexcode, name] of Object.entries(unicode)) add(name, hexcode, 2);
  for (const file of SHORTCODES) {
    const shortcodes: Record<string, string | string[]> = await readJson(
      `emojibase-data/en/shortcodes/${file}.json`,
    );
    for (const [hexcode, list] of Object.entries(shortcodes)) {
      for (const name of [list].flat()) add(name, hexcode, 3);
    }
  }
  const squashed = new Map<string, NameMatch>();
  for (const [name, { concept, rank }] of names) {
    const short = name.replaceAll("-", "");
    if (!squashed.has(short)) squashed.set(short, { concept, rank: rank + 4 });
  }
  return (name) => names.get(name) ?? squashed.get(name.replaceAll("-", ""));
}

/** Pairs of code points and names, old names included, of an icon set that lists them. */
async function codePoints(set: string): Promise<[string, string][]> {
  const chars: Record<string, string> = await readJson(
    `@iconify-json/${set}/chars.json`,
  );
  const { aliases = {} }: { aliases?: Record<string, { parent: string }> } =
    await readJson(`@iconify-json/${set}/icons.json`);
  const byName = new Map(
    Object.entries(chars).map(([hexcode, name]) => [name, hexcode]),
  );
  const old = Object.entries(aliases).flatMap(
    ([name, { parent, ...change }]): [string, string][] => {
      const hexcode = byName.get(parent);
      return hexcode === undefined || Object.keys(change).length > 0
        ? []
        : [[hexcode, name]];
    },
  );
  return [...Object.entries(chars), ...old];
}

async function readJson<T>(specifier: string): Promise<T> {
  return JSON.parse(await readPackageFile(specifier));
}

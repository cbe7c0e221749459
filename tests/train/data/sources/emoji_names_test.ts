import assert from "node:assert/strict";
import {
  readEmojiNames,
  slug,
} from "../../../../train/data/sources/emoji_names.ts";

const lookup = await readEmojiNames();

Deno.test("slug() spells labels as icon sets do", () => {
  assert.equal(slug("Twelve o’clock"), "twelve-oclock");
  assert.equal(slug("keycap: 10"), "keycap-10");
  assert.equal(slug("A button (blood type)"), "a-button-blood-type");
  assert.equal(slug("piñata"), "pinata");
});

Deno.test("readEmojiNames() knows present, old, Unicode and chat names and names without hyphens", () => {
  const expected = {
    "grinning-face": "1f600",
    "dizzy-face": "1f635", // present name: face with crossed-out eyes
    "aubergine": "1f346",
    "blackheartsuit": "2665",
    "grin": "1f601",
    "redapple": "1f34e",
    "flag-france": "1f1eb-1f1f7",
  };
  for (const [name, concept] of Object.entries(expected)) {
    assert.equal(lookup(name)?.concept, concept, name);
  }
});

Deno.test("readEmojiNames() ranks the present name before others", () => {
  assert.equal(lookup("eggplant")?.rank, 0);
  assert(lookup("aubergine")!.rank > 0);
});

Deno.test("readEmojiNames() does not guess", () => {
  assert.equal(lookup("cjkunifiedideograph-a"), undefined);
});

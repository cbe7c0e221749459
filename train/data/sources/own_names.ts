/**
 * Icons whose name means another emoji in their set than it does elsewhere, as concept keys, found by looking at
 * them; "" is an icon that no emoji should use.
 */
export const OWN_NAMES: Readonly<
  Record<string, Readonly<Record<string, string>>>
> = {
  fxemoji: {
    bow: "1f380",
    bowing: "1f647",
    construct: "1f477",
    construction: "1f3d7",
    constructionsign: "1f6a7",
    couplekiss: "1f48f",
    down: "1f447",
    fog: "", // nothing but white mist, invisible without a background
    frown: "1f64d",
    frownmouth: "1f626",
    grinwide: "1f603",
    handup: "1f64b",
    keyboard: "", // a second musical keyboard
    kiss: "1f617",
    kissclosedeyes: "1f61a",
    kisseyes: "1f619",
    kissing: "1f618",
    left: "1f448",
    pout: "1f64e",
    pouting: "1f621",
    right: "1f449",
    screamfear: "1f631",
    smileeyes: "1f604",
    sunglasses: "1f60e",
    tongueoutwink: "1f61c",
    tramcar: "", // painted black
    up: "1f446",
    wave: "1f30a",
  },
};

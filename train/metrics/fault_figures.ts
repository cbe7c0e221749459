/**
 * What each fault of a way to train and sample costs, beside real pictures.
 *
 * @module
 */

import { philoxNoise } from "@emoji/diffusion/random";
import {
  type ColourDistance,
  colourDistance,
  colourStatistics,
  meanSaturation,
} from "./colour.ts";
import type { Embedder } from "./feature_session.ts";
import {
  referenceSpaces,
  type SpaceDistance,
  spaceDistance,
} from "./figures.ts";
import { drawWithout } from "./kid.ts";
import type { Embedded } from "./measured.ts";
import { type Space, SPACES } from "./messages.ts";
import { pictureAt, type Pictures, picturesOf, shrink } from "./pictures.ts";
import { CLASSIFIER_SIZE } from "./classifier_network.ts";
import { decimal, markdownTable } from "./table.ts";
import { vectorsOf } from "./vectors.ts";

/** Figures of the pictures of one variant. */
export interface FaultFigures {
  /** Mean saturation of what is lit. */
  readonly saturation: number;
  /** Distance of the colours to those of the real pictures. */
  readonly colour: ColourDistance;
  /** Distances to the real pictures. */
  readonly distances: Readonly<Record<Space, SpaceDistance>>;
}

/** Pictures under a name. */
export interface NamedPictures {
  /** What made them. */
  readonly name: string;
  /** The pictures. */
  readonly pictures: Pictures;
}

/** A variant with its figures. */
export interface FaultRow extends FaultFigures {
  /** What made the pictures. */
  readonly name: string;
}

/**
 * Compares sets of pictures with one part of the real pictures. The first row is the floor: the rest of the real ones,
 * as many as there are samples.
 */
export async function compareFaults(
  real: Pictures,
  variants: readonly NamedPictures[],
  embedders: Readonly<Record<Space, Embedder>>,
): Promise<FaultRow[]> {
  const count = Math.min(variants[0]!.pictures.count, real.count >> 1);
  const order = drawWithout(real.count, real.count, philoxNoise(0));
  const floor = take(real, order.slice(0, count));
  const rest = take(real, order.slice(count));
  const spaces = referenceSpaces(await embedAll(rest, embedders));
  const colours = colourStatistics(lit(rest));
  const rows: FaultRow[] = [];
  for (
    const { name, pictures } of [
      { name: "real faces", pictures: floor },
      ...variants,
    ]
  ) {
    const { features } = await embedAll(pictures, embedders);
    const statistics = colourStatistics(lit(pictures));
    rows.push({
      name,
      saturation: meanSaturation(statistics),
      colour: colourDistance(statistics, colours),
      distances: Object.fromEntries(SPACES.map((space) => [
        space,
        spaceDistance(features[space], spaces[space]),
      ])) as Record<Space, SpaceDistance>,
    });
  }
  return rows;
}

/** Writes the figures as a table. */
export function faultTable(rows: readonly FaultRow[]): string {
  const header = SPACES.flatMap((space) => [`FD, ${space}`, `KID, ${space}`]);
  return markdownTable(
    ["", "saturation", "off by", "hue off by", ...header],
    rows.map(({ name, saturation, colour, distances }) => [
      name,
      decimal(saturation),
      decimal(colour.saturation),
      decimal(colour.hue),
      ...SPACES.flatMap((space) => {
        const { fd, kid } = distances[space];
        // Too few pictures for subsets that differ, so that there is no deviation to tell.
        return [decimal(fd), decimal(kid.mean)];
      }),
    ]),
  );
}

/** On black, light is what can be seen: alpha follows the brightest channel, so that dark noise has no saturation. */
export function lit({ bytes, size }: Pictures): Pictures {
  const out = bytes.slice();
  for (let i = 0; i < out.length; i += 4) {
    out[i + 3] = Math.max(out[i]!, out[i + 1]!, out[i + 2]!);
  }
  return picturesOf(out, size);
}

function take(pictures: Pictures, indices: readonly number[]): Pictures {
  const { size } = pictures;
  const bytes = new Uint8Array(4 * size * size * indices.length);
  indices.forEach((index, row) =>
    bytes.set(pictureAt(pictures, index), 4 * size * size * row)
  );
  return picturesOf(bytes, size);
}

async function embedAll(
  pictures: Pictures,
  embedders: Readonly<Record<Space, Embedder>>,
): Promise<Embedded> {
  const [random, classifier] = [
    await embedders.random(pictures),
    await embedders.classifier(shrink(pictures, CLASSIFIER_SIZE)),
  ];
  const vectors = ({ features }: { features: Float32Array }) =>
    vectorsOf(features, features.length / pictures.count);
  return {
    pictures,
    features: { random: vectors(random), classifier: vectors(classifier) },
    logits: classifier.logits,
  };
}

/**
 * All figures of a set of pictures, drawn or real, against the training pictures. Real held-out pictures give the
 * floor: what a perfect model would get.
 *
 * @module
 */

import type { PictureEntry } from "../dataset.ts";
import { type Agreement, agreement } from "./agreement.ts";
import {
  type ColourDistance,
  colourDistance,
  colourStatistics,
  meanSaturation,
} from "./colour.ts";
import { fitGaussian, frechetDistance, type Gaussian } from "./frechet.ts";
import { type Estimate, kernelDistance } from "./kid.ts";
import type { Labels } from "./labels.ts";
import { compareManifolds, type Manifold } from "./manifold.ts";
import type { Embedded, Measured } from "./measured.ts";
import { type Memorisation, memorisation, nearerThan } from "./memorisation.ts";
import { type Space, SPACES } from "./messages.ts";
import { type Transparency, transparency } from "./transparency.ts";
import { standardizer, takeVectors, type Vectors } from "./vectors.ts";

/** Distances of two sets in one feature space. */
export interface SpaceDistance {
  /** Fréchet distance; features have variance 1 each. */
  readonly fd: number;
  /** Kernel distance. */
  readonly kid: Estimate;
}

/** Figures of a set of pictures. */
export interface Figures {
  /** Number of pictures. */
  readonly count: number;
  /** Distances to the training pictures. */
  readonly distances: Readonly<Record<Space, SpaceDistance>>;
  /** Quality and variety in the classifier's space, against as many training pictures. */
  readonly manifold: Manifold;
  /** How often the classifier sees what was asked for. */
  readonly agreement: Agreement;
  /** Mean saturation. */
  readonly saturation: number;
  /** Distance of the colours to those of the held-out pictures. */
  readonly colour: ColourDistance;
  /** Transparency. */
  readonly transparency: Transparency;
  /** Nearness to training pictures. */
  readonly memorisation: Memorisation;
  /** Share of pictures nearer to a training picture than all but 1 % of the held-out ones. */
  readonly suspicious: number;
}

/** The training pictures, prepared for comparison in one feature space. */
export interface SpaceReference {
  /** Brings features to the training pictures' mean 0 and deviation 1. */
  readonly standardize: (features: Vectors) => Vectors;
  /** Features of the training pictures. */
  readonly features: Vectors;
  /** Normal distribution of them. */
  readonly gaussian: Gaussian;
}

/** What sets of pictures are compared with. */
export interface Reference {
  /** The training pictures. */
  readonly spaces: Readonly<Record<Space, SpaceReference>>;
  /** Which training pictures precision and its kin compare with. */
  readonly subset: readonly number[];
  /** The held-out pictures whose conditions are drawn. */
  readonly heldOut: Measured;
  /** What they show. */
  readonly entries: readonly PictureEntry[];
  /** What the classifier tells apart. */
  readonly labels: Labels;
}

/** Prepares the training pictures for {@linkcode spaceDistance}. */
export function referenceSpaces(
  { features }: Embedded,
): Record<Space, SpaceReference> {
  return Object.fromEntries(SPACES.map((space) => {
    const standardize = standardizer(features[space]);
    const standard = standardize(features[space]);
    const gaussian = fitGaussian(standard);
    return [space, { standardize, features: standard, gaussian }];
  })) as Record<Space, SpaceReference>;
}

/** Distances of features, not standardised, to those of the training pictures. */
export function spaceDistance(
  features: Vectors,
  reference: SpaceReference,
): SpaceDistance {
  const standard = reference.standardize(features);
  return {
    fd: frechetDistance(fitGaussian(standard), reference.gaussian),
    kid: kernelDistance(standard, reference.features),
  };
}

/** Computes the figures of samples drawn for the held-out pictures' conditions, or of the held-out pictures themselves. */
export function figuresOf(
  measured: Measured,
  { spaces, subset, heldOut, entries, labels }: Reference,
): Figures {
  const distances = Object.fromEntries(SPACES.map((space) => [
    space,
    spaceDistance(measured.features[space], spaces[space]),
  ])) as Record<Space, SpaceDistance>;
  const { standardize, features } = spaces.classifier;
  const colours = colourStatistics(measured.pictures);
  return {
    count: measured.pictures.count,
    distances,
    manifold: compareManifolds(
      standardize(measured.features.classifier),
      takeVectors(features, subset),
    ),
    agreement: agreement(measured.logits, entries, labels),
    saturation: meanSaturation(colours),
    colour: colourDistance(colours, colourStatistics(heldOut.pictures)),
    transparency: transparency(measured.pictures),
    memorisation: memorisation(measured.neighbours),
    suspicious: nearerThan(measured.neighbours, heldOut.neighbours, 0.01),
  };
}

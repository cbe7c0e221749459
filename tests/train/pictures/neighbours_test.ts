import assert from "node:assert/strict";
import { pictureToPlanes } from "@emoji/diffusion/image";
import { collect } from "../../../train/data/collect.ts";
import { syntheticSource } from "../../../train/data/sources/synthetic.ts";
import {
  datasetPicture,
  nearestPictures,
} from "../../../train/pictures/neighbours.ts";

const SHAPE = {
  width: 8,
  height: 8,
  channels: 4,
  encoding: "premultiplied-rgba" as const,
};
const { dataset } = await collect(syntheticSource({ count: 48 }), { size: 8 });

Deno.test("nearestPictures() finds a training picture itself, as it is and mirrored", () => {
  const index = dataset.train[5]!;
  for (const flipped of [false, true]) {
    const picture = datasetPicture(dataset, { index, flipped });
    const planes = pictureToPlanes(picture, SHAPE);
    const near = nearestPictures(planes, SHAPE, dataset, 2)[0]!;
    const [first, second] = [near[0]!, near[1]!];
    assert.deepEqual(
      dataset.pictures.subarray(256 * index, 256 * (index + 1)),
      dataset.pictures.subarray(256 * first.index, 256 * (first.index + 1)),
    );
    assert(first.distance < 0.01, `${first.distance}`);
    assert(second.distance >= first.distance);
  }
});

Deno.test("nearestPictures() measures the root mean square difference", () => {
  const index = dataset.train[0]!;
  const planes = pictureToPlanes(
    datasetPicture(dataset, { index, flipped: false }),
    SHAPE,
  ).map((value) => value + 0.25);
  const near = nearestPictures(planes, SHAPE, dataset, dataset.train.length);
  const self = near[0]!.find((neighbour) => neighbour.index === index)!;
  assert(Math.abs(self.distance - 0.25) < 0.01, `${self.distance}`);
});

Deno.test("nearestPictures() leaves held-out pictures out", () => {
  const planes = new Float32Array(256);
  const near = nearestPictures(planes, SHAPE, dataset, 48)[0]!;
  assert.equal(near.length, dataset.train.length);
  assert(near.every(({ index }) => !dataset.heldOut.includes(index)));
});

import * as tf from "@tensorflow/tfjs";

/** The first pixel of each square: `[n, h, w, c]` to `[n, h / width, w / width, c]`. */
export function onePixelASquare(
  x: tf.Tensor4D,
  size: number,
  width: number,
): tf.Tensor4D {
  const [count, , , channels] = x.shape;
  const small = size / width;
  const rows = tf.reshape(x, [count, small, width, size * channels]);
  const pixels = tf.reshape(
    tf.slice(rows, [0, 0, 0, 0], [count, small, 1, size * channels]),
    [count, small, small, width * channels],
  ) as tf.Tensor4D;
  return tf.slice(pixels, [0, 0, 0, 0], [count, small, small, channels]);
}

/** Each pixel as a square of `width` × `width`. */
export function aSquareForEachPixel(
  x: tf.Tensor4D,
  width: number,
): tf.Tensor4D {
  const [count, height, columns, channels] = x.shape;
  const copies = <T extends tf.Tensor>(x: T) => Array<T>(width).fill(x);
  const wide = tf.reshape(tf.concat(copies(x), 3), [
    count,
    height,
    columns * width * channels,
  ]) as tf.Tensor3D;
  return tf.reshape(tf.concat(copies(wide), 2), [
    count,
    height * width,
    columns * width,
    channels,
  ]);
}

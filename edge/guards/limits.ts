/** What one request may ask for. */
export interface Limits {
  /**
   * Longest seed in characters.
   * @default {128}
   */
  seedLength: number;
  /**
   * Longest prompt in characters, but for lists of the model's words, which canonical URLs hold.
   * @default {200}
   */
  promptLength: number;
  /**
   * Longest URL in characters.
   * @default {16384}
   */
  urlLength: number;
  /**
   * Most pictures of a request.
   * @default {16}
   */
  pictures: number;
  /**
   * Smallest width and height in pixels.
   * @default {16}
   */
  minSize: number;
  /**
   * Largest width and height of a picture in pixels; `pixels` bounds the sheet of several.
   * @default {1024}
   */
  maxSize: number;
  /**
   * Most evaluations of the network, all pictures together.
   * @default {400}
   */
  evaluations: number;
  /**
   * Most pixels of an answer, all frames of an animation together.
   * @default {8388608}
   */
  pixels: number;
  /**
   * Most bytes of an uploaded form.
   * @default {4194304}
   */
  uploadBytes: number;
  /**
   * Most pixels of the square that holds an uploaded picture.
   * @default {4194304}
   */
  uploadPixels: number;
  /**
   * Milliseconds that an uploaded form may take to arrive.
   * @default {10000}
   */
  uploadMs: number;
  /**
   * Forms that may be read at the same time; with those to come the server is overloaded.
   * @default {16}
   */
  uploads: number;
}

/** Limits that suit a small machine. */
export const DEFAULT_LIMITS: Limits = {
  seedLength: 128,
  promptLength: 200,
  urlLength: 16384,
  pictures: 16,
  minSize: 16,
  maxSize: 1024,
  evaluations: 400,
  pixels: 2 ** 23,
  uploadBytes: 4 * 2 ** 20,
  uploadPixels: 2048 * 2048,
  uploadMs: 10_000,
  uploads: 16,
};

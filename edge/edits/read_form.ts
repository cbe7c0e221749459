import type { ImageShape } from "@emoji/diffusion/image";
import type { Picture } from "@emoji/diffusion/png";
import { resizeSmooth } from "@emoji/diffusion/resize";
import {
  HttpProblem,
  invalidParameters,
  type ParameterProblem,
} from "../http/problem.ts";
import type { PictureDecoder } from "./decode.ts";
import { type BodyLimits, readBody } from "./read_body.ts";
import { sniffPicture } from "./sniff.ts";

/** What an upload may hold. */
export interface UploadLimits extends BodyLimits {
  /** Most pixels of the square that holds a picture. */
  readonly pixels: number;
}

/** A form, read. */
export interface EditForm {
  /** The fields that are no files. */
  readonly fields: URLSearchParams;
  /** The picture. */
  readonly image: Picture;
  /** The mask, where there is one. */
  readonly mask?: Picture;
}

/**
 * Reads the body of a request for an edit. Size, media type, magic bytes and pixels are checked before anything is decoded.
 *
 * @throws {HttpProblem} 400, 408, 413, 415 or 422.
 */
export async function readEditForm(
  request: Request,
  limits: UploadLimits,
  decode: PictureDecoder,
): Promise<EditForm> {
  const type = request.headers.get("content-type") ?? "";
  if (!/^multipart\/form-data\s*;/i.test(type)) {
    throw new HttpProblem(
      "unsupported-media-type",
      "Cannot read the body as it must be multipart/form-data",
    );
  }
  const body = await readBody(request, limits);
  const form = await new Response(body, { headers: { "content-type": type } })
    .formData().catch((cause) => {
      throw new HttpProblem(
        "unreadable-picture",
        `Cannot read the form: ${(cause as Error).message}`,
      );
    });
  const fields = new URLSearchParams();
  const files = new Map<string, Blob>();
  const problems: ParameterProblem[] = [];
  for (const [name, value] of form) {
    if (typeof value === "string") fields.append(name, value);
    else if (!["image", "mask"].includes(name) || files.has(name)) {
      problems.push({
        parameter: name.slice(0, 64),
        detail: "is not a file that can be used, or comes twice",
        allowed: "image, mask",
      });
    } else files.set(name, value);
  }
  if (!files.has("image")) {
    problems.push({
      parameter: "image",
      detail: "is missing",
      allowed: "a PNG, JPEG or WebP file",
    });
  }
  if (problems.length > 0) throw invalidParameters(problems);
  const image = await readPicture("image", files.get("image")!, limits, decode);
  const mask = files.get("mask");
  return {
    fields,
    image,
    ...(mask && { mask: await readPicture("mask", mask, limits, decode) }),
  };
}

async function readPicture(
  name: string,
  file: Blob,
  limits: UploadLimits,
  decode: PictureDecoder,
): Promise<Picture> {
  const bytes = new Uint8Array(await file.arrayBuffer());
  const sniffed = sniffPicture(bytes);
  if (sniffed === undefined) {
    throw new HttpProblem(
      "unsupported-media-type",
      `Cannot read ${name} as it must be PNG, JPEG or WebP`,
    );
  }
  const { width, height } = sniffed;
  if (Math.max(width, height) ** 2 > limits.pixels) {
    throw new HttpProblem(
      "payload-too-large",
      `Cannot read ${name} as it must fit into a square of ${limits.pixels} pixels: current value is ${width} x ${height}`,
    );
  }
  try {
    return await decode(bytes, sniffed.type);
  } catch {
    throw new HttpProblem(
      "unreadable-picture",
      `Cannot read ${name} as the file is broken`,
    );
  }
}

/** A picture in the middle of a transparent square, at the size of the model's. */
export function fitPicture(
  picture: Picture,
  { width, height }: ImageShape,
): Picture {
  const side = Math.max(picture.width, picture.height);
  const square = new Uint8Array(4 * side * side);
  const left = Math.floor((side - picture.width) / 2);
  const top = Math.floor((side - picture.height) / 2);
  for (let y = 0; y < picture.height; y++) {
    const row = picture.rgba.subarray(
      4 * y * picture.width,
      4 * (y + 1) * picture.width,
    );
    square.set(row, 4 * ((top + y) * side + left));
  }
  return resizeSmooth(
    { width: side, height: side, rgba: square },
    width,
    height,
  );
}

/** How much each pixel may change: where the mask is white, or transparent, as image editors have it. */
export function maskOf(picture: Picture, shape: ImageShape): Float32Array {
  const { rgba } = resizeSmooth(opaque(picture), shape.width, shape.height);
  return Float32Array.from(
    { length: rgba.length / 4 },
    (_, i) => rgba[4 * i]! / 255,
  );
}

/** A grey picture of how white or transparent each pixel is. */
function opaque({ width, height, rgba }: Picture): Picture {
  const out = new Uint8Array(rgba.length).fill(255);
  for (let i = 0; i < rgba.length; i += 4) {
    const grey = (rgba[i]! + rgba[i + 1]! + rgba[i + 2]!) / 3;
    const alpha = rgba[i + 3]! / 255;
    out.fill(Math.round(grey * alpha + 255 * (1 - alpha)), i, i + 3);
  }
  return { width, height, rgba: out };
}

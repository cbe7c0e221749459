import {
  HttpProblem,
  invalidParameters,
  type ParameterProblem,
} from "../http/problem.ts";
import { countScans } from "./count_scans.ts";
import type { CodecName } from "./decode.ts";
import { type BodyLimits, readBody } from "./read_body.ts";
import { sniffPicture } from "./sniff.ts";

/** What an upload may hold. */
export interface UploadLimits extends BodyLimits {
  /** Most pixels of the square that holds a picture. */
  readonly pixels: number;
}

/** Most scans of a JPEG file; encoders write about ten. */
const MOST_SCANS = 100;

/** A picture that has arrived. */
export interface Upload {
  /** The file. */
  readonly bytes: Uint8Array<ArrayBuffer>;
  /** What it is. */
  readonly type: CodecName;
}

/** A form, read. */
export interface EditForm {
  /** The fields that are no files. */
  readonly fields: URLSearchParams;
  /** The picture. */
  readonly image: Upload;
  /** The mask, where there is one. */
  readonly mask?: Upload;
}

/**
 * Reads the body of a request for an edit. Size, media type, magic bytes, pixels and scans are checked; nothing is decoded.
 *
 * @throws {HttpProblem} 400, 408, 413, 415 or 422.
 */
export async function readEditForm(
  request: Request,
  limits: UploadLimits,
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
  const image = await readUpload("image", files.get("image")!, limits);
  const mask = files.get("mask");
  return {
    fields,
    image,
    ...(mask && { mask: await readUpload("mask", mask, limits) }),
  };
}

async function readUpload(
  name: string,
  file: Blob,
  limits: UploadLimits,
): Promise<Upload> {
  const bytes = new Uint8Array(await file.arrayBuffer());
  const sniffed = sniffPicture(bytes);
  if (sniffed === undefined) {
    throw new HttpProblem(
      "unsupported-media-type",
      `Cannot read ${name} as it must be PNG, JPEG or WebP`,
    );
  }
  const { type, width, height } = sniffed;
  if (Math.max(width, height) ** 2 > limits.pixels) {
    throw new HttpProblem(
      "payload-too-large",
      `Cannot read ${name} as it must fit into a square of ${limits.pixels} pixels: current value is ${width} x ${height}`,
    );
  }
  const scans = type === "jpeg" ? countScans(bytes) : 0;
  if (scans > MOST_SCANS) {
    throw new HttpProblem(
      "payload-too-large",
      `Cannot read ${name} as it must have at most ${MOST_SCANS} scans: current value is ${scans}`,
    );
  }
  return { bytes, type };
}

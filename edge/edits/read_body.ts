import { HttpProblem } from "../http/problem.ts";

/** How much of a body to wait for. */
export interface BodyLimits {
  /** Most bytes. */
  readonly bytes: number;
  /** Milliseconds that it may take to arrive. */
  readonly ms: number;
}

/**
 * Reads a body up to a limit, however long it says it is, and gives up on one that trickles: hosts wait for ever.
 *
 * @throws {HttpProblem} 408 or 413.
 */
export async function readBody(
  request: Request,
  { bytes: most, ms }: BodyLimits,
): Promise<Uint8Array<ArrayBuffer>> {
  const tooLarge = () =>
    new HttpProblem(
      "payload-too-large",
      `Cannot read the body as it must have at most ${most} bytes`,
    );
  if (Number(request.headers.get("content-length") ?? 0) > most) {
    throw tooLarge();
  }
  const reader = request.body?.getReader();
  const late = Promise.withResolvers<never>();
  const timer = setTimeout(() =>
    late.reject(
      new HttpProblem(
        "request-timeout",
        `Cannot read the body as it must arrive within ${ms / 1000} s`,
      ),
    ), ms);
  const chunks: Uint8Array<ArrayBuffer>[] = [];
  let size = 0;
  try {
    while (reader !== undefined) {
      const { done, value } = await Promise.race([
        reader.read(),
        late.promise,
      ]);
      if (done) break;
      size += value.length;
      if (size > most) throw tooLarge();
      chunks.push(value);
    }
  } catch (error) {
    reader?.cancel().catch(() => {}); // the host hangs up
    throw error;
  } finally {
    clearTimeout(timer);
  }
  const bytes = new Uint8Array(size);
  let at = 0;
  for (const chunk of chunks) {
    bytes.set(chunk, at);
    at += chunk.length;
  }
  return bytes;
}

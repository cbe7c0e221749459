import { OPEN_HEADERS } from "./open_headers.ts";

/** A parameter that cannot be used. */
export interface ParameterProblem {
  /** Name of the parameter as it came. */
  readonly parameter: string;
  /** What is wrong with it. */
  readonly detail: string;
  /** What would be right. */
  readonly allowed: string;
}

/** The kinds of failure; each is a section of `/docs`. */
export const PROBLEMS = {
  "invalid-parameters": { status: 400, title: "Invalid parameters" },
  "unauthorized": { status: 401, title: "Unauthorized" },
  "not-found": { status: 404, title: "Not found" },
  "method-not-allowed": { status: 405, title: "Method not allowed" },
  "not-acceptable": { status: 406, title: "Not acceptable" },
  "request-timeout": { status: 408, title: "Request timeout" },
  "payload-too-large": { status: 413, title: "Payload too large" },
  "uri-too-long": { status: 414, title: "URL too long" },
  "unsupported-media-type": { status: 415, title: "Unsupported media type" },
  "invalid-combination": { status: 422, title: "Invalid combination" },
  "too-costly": { status: 422, title: "Too costly" },
  "unreadable-picture": { status: 422, title: "Unreadable picture" },
  "too-many-requests": { status: 429, title: "Too many requests" },
  "internal-error": { status: 500, title: "Internal error" },
  "overloaded": { status: 503, title: "Overloaded" },
  "not-ready": { status: 503, title: "Not ready" },
  "deadline-exceeded": { status: 504, title: "Deadline exceeded" },
} as const;

/** Name of a kind of failure. */
export type ProblemKind = keyof typeof PROBLEMS;

/** Options for {@linkcode HttpProblem}. */
export interface HttpProblemOptions {
  /**
   * The parameters at fault.
   * @default {[]}
   */
  errors?: readonly ParameterProblem[];
  /**
   * Headers of the answer.
   * @default {{}}
   */
  headers?: Readonly<Record<string, string>>;
}

/** A failure that is answered as RFC 9457 says. */
export class HttpProblem extends Error {
  override readonly name = "HttpProblem";
  /** Which failure. */
  readonly kind: ProblemKind;
  /** The parameters at fault. */
  readonly errors: readonly ParameterProblem[];
  /** Headers of the answer. */
  readonly headers: Readonly<Record<string, string>>;

  /**
   * @param kind Which failure.
   * @param detail What happened, for people.
   * @param options Parameters at fault and headers.
   */
  constructor(
    kind: ProblemKind,
    detail: string,
    { errors = [], headers = {} }: HttpProblemOptions = {},
  ) {
    super(detail);
    this.kind = kind;
    this.errors = errors;
    this.headers = headers;
  }

  /** The members of RFC 9457. */
  toJSON(): Record<string, unknown> {
    const { status, title } = PROBLEMS[this.kind];
    return {
      type: `/docs#${this.kind}`,
      title,
      status,
      detail: this.message,
      ...(this.errors.length > 0 && { errors: this.errors }),
    };
  }

  /** The answer, as `application/problem+json`. */
  toResponse(): Response {
    return new Response(JSON.stringify(this), {
      status: PROBLEMS[this.kind].status,
      headers: {
        ...OPEN_HEADERS,
        "content-type": "application/problem+json",
        "cache-control": "no-store",
        ...this.headers,
      },
    });
  }
}

/** The failure of a request whose method is none of those that its path has. */
export function methodNotAllowed(
  method: string,
  allowed: readonly string[],
): HttpProblem {
  const allow = allowed.join(", ");
  return new HttpProblem(
    "method-not-allowed",
    `Cannot ${method} as only ${allow} are allowed`,
    { headers: { allow } },
  );
}

/** Most parameters that an answer names: a short request must not make a long one. */
const MOST_ERRORS = 20;

/**
 * The failure of a request with parameters that are wrong, or right one by one but not together. Names each parameter once,
 * for its first fault, and no more than a few of them.
 */
export function invalidParameters(
  errors: readonly ParameterProblem[],
  kind: "invalid-parameters" | "invalid-combination" = "invalid-parameters",
): HttpProblem {
  const first = new Map<string, ParameterProblem>();
  for (const error of errors) {
    if (first.size === MOST_ERRORS) break;
    if (!first.has(error.parameter)) first.set(error.parameter, error);
  }
  const names = [...first.keys()].map((name) => name.slice(0, 40)).join(", ");
  return new HttpProblem(kind, `Cannot draw with ${names} as given`, {
    errors: [...first.values()],
  });
}

/** What a server says when it does not draw (RFC 9457). */
interface Problem {
  readonly title?: string;
  readonly detail?: string;
  readonly errors?: readonly {
    readonly parameter: string;
    readonly detail: string;
  }[];
}

/** A failure, in words for whoever looks at the page. */
export class DrawingError extends Error {
  override readonly name = "DrawingError";
  /** Whether another place to draw may help. */
  readonly elsewhere: boolean;

  /**
   * @param message What to tell.
   * @param elsewhere Whether another place to draw may help.
   */
  constructor(message: string, elsewhere = false) {
    super(message);
    this.elsewhere = elsewhere;
  }
}

/** The error that a problem is. */
export function problemError(
  problem: Problem,
  retryAfter?: string | null,
): DrawingError {
  const wrong = problem.errors?.map(({ parameter, detail }) =>
    `${parameter} ${detail}`
  );
  const message = wrong?.join(". ") ?? problem.detail ?? problem.title ??
    "The server does not say what is wrong";
  return retryAfter
    ? new DrawingError(`${message}. Try again in ${retryAfter} s`, true)
    : new DrawingError(message);
}

/** Throws unless a response has what was asked for. */
export async function checkResponse(response: Response): Promise<void> {
  if (response.ok) return;
  const problem = await response.json().catch(() => ({
    detail: `The server answers ${response.status}`,
  })) as Problem;
  throw problemError(problem, response.headers.get("retry-after"));
}

import { type ProblemKind, PROBLEMS } from "../http/problem.ts";

/** What each failure means and what to do about it. */
const ADVICE: Readonly<Record<ProblemKind, string>> = {
  "invalid-parameters":
    "One or more parameters are unknown, repeated or out of range. <code>errors</code> lists all of them with what is allowed.",
  "unauthorized":
    "This server draws only for requests with a bearer token or a signed URL.",
  "not-found":
    "There is nothing at this path. Pictures are at <code>/emoji</code>.",
  "method-not-allowed":
    "The header <code>Allow</code> lists the methods of this path.",
  "not-acceptable":
    "The header <code>Accept</code> allows none of the formats. Allow one, or name it in the path or as <code>format</code>.",
  "request-timeout": "The body took too long to arrive.",
  "payload-too-large": "The uploaded picture or the whole body is too large.",
  "uri-too-long": "The URL is too long.",
  "unsupported-media-type":
    "The body must be <code>multipart/form-data</code> and pictures PNG, JPEG or WebP.",
  "invalid-combination":
    "Each parameter is fine, but they contradict each other. <code>errors</code> says which.",
  "too-costly":
    "Each parameter is fine, but together they ask for too much work. Ask for fewer steps or pictures, or a smaller size.",
  "unreadable-picture":
    "An uploaded picture is broken or has a shape that cannot be used.",
  "too-many-requests":
    "This client has asked too often. <code>Retry-After</code> says when to come back.",
  "internal-error": "Something went wrong on our side.",
  "overloaded":
    "Too many requests are waiting. <code>Retry-After</code> says when to come back.",
  "not-ready": "The model is not loaded.",
  "deadline-exceeded": "Drawing took too long and was stopped.",
};

/** The page at `/docs`: parameters from the API's own description, and every failure. No scripts, no other sites. */
export function docsPage(api: Readonly<Record<string, unknown>>): string {
  const { components, paths } = api as {
    components: { parameters: Record<string, { description: string }> };
    paths: Record<string, Record<string, { summary: string }>>;
  };
  const rows = Object.entries(components.parameters)
    .map(([name, { description }]) =>
      `<tr><th scope="row"><code>${name}</code></th><td>${
        escape(description)
      }</td></tr>`
    );
  const routes = Object.entries(paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, { summary }]) =>
      `<tr><th scope="row"><code>${method.toUpperCase()} ${
        escape(path)
      }</code></th><td>${escape(summary)}</td></tr>`
    )
  );
  const failures = Object.entries(PROBLEMS).map(([kind, { status, title }]) =>
    `<section id="${kind}"><h3>${status} ${title}</h3><p>${
      ADVICE[kind as ProblemKind]
    }</p></section>`
  );
  return `<!doctype html><html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width">
<title>Emoji diffusion: API</title><link rel="icon" href="data:,"></head><body><main>
<h1>Emoji diffusion</h1>
<p>Draws emoji that do not exist yet: <a href="/emoji?seed=42"><code>/emoji?seed=42</code></a>. The same parameters draw the same
picture for ever. The API for machines: <a href="/openapi.json">openapi.json</a>.</p>
<h2>Paths</h2><table>${routes.join("\n")}</table>
<h2>Parameters of pictures</h2><table>${rows.join("\n")}</table>
<h2>Problems</h2><p>Failures are answered as <code>application/problem+json</code> (RFC 9457).</p>
${failures.join("\n")}
</main></body></html>
`;
}

function escape(text: string): string {
  return text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(
    ">",
    "&gt;",
  );
}

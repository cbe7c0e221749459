/**
 * The API on Deno Deploy, whose network keeps every answer that says it may be kept. The platform chooses the port.
 *
 * @module
 */

import host from "./deno_serve.ts";

Deno.serve(host.fetch);

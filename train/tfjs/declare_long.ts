/**
 * Import before tfjs: the Node build of version 4.22.0 requires `long`, which among its packages tfjs-core alone
 * declares. Elsewhere it would get the version that the program started last hoisted in node_modules, or none.
 *
 * @module
 */

import { createRequire, registerHooks } from "node:module";

const long = createRequire(import.meta.resolve("@tensorflow/tfjs-core"))
  .resolve("long");

registerHooks({
  resolve: (specifier, context, nextResolve) =>
    nextResolve(
      specifier === "long" && context.parentURL?.includes("/tfjs/dist/")
        ? long
        : specifier,
      context,
    ),
});

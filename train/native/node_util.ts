/**
 * Import before anything of tfjs-node: version 4.22.0 still calls `util.isNullOrUndefined` and `util.isArray`, which
 * Node 23 removed (fixed upstream in tfjs pull request 8425, not released). Its `require("util")` sees this object.
 *
 * @module
 */

import util from "node:util";

const target = util as unknown as Record<string, unknown>;
target.isNullOrUndefined ??= (value: unknown) => value == null;
target.isArray ??= Array.isArray;

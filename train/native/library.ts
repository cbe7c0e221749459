/**
 * Where a TensorFlow C library is on this machine. First match wins: the environment variable `LIBTENSORFLOW`, the
 * library that a Python package (`tensorflow` or `tensorflow-cpu`, from 2.12) carries, the one that an installed
 * `@tensorflow/tfjs-node-gpu` or `@tensorflow/tfjs-node` downloaded into its `deps/lib`.
 *
 * @module
 */

import { fileURLToPath } from "node:url";

/** What to do when nothing is found, in one line. */
export const INSTALL_HINT =
  "install one with `pip install tensorflow-cpu`, or set LIBTENSORFLOW to the path of libtensorflow_cc.so.2 or libtensorflow.so.2";

const WHEEL_QUERY = "import importlib.util as u, os;" +
  "s = u.find_spec('tensorflow'); print(os.path.dirname(s.origin) if s else '')";
const WHEEL_NAMES = [
  "libtensorflow_cc.so.2",
  "libtensorflow_cc.2.dylib",
  "libtensorflow.so.2",
];
const PACKAGES = ["@tensorflow/tfjs-node-gpu", "@tensorflow/tfjs-node"];

/** A library file and how it was found. */
export interface TensorflowLibrary {
  /** Path of the shared library. */
  path: string;
  /** Where it comes from, in words. */
  origin: string;
}

/** Looks for a TensorFlow C library; `undefined` when there is none. */
export function findTensorflow(): TensorflowLibrary | undefined {
  return fromEnvironment() ?? fromPython() ?? fromPackages();
}

function fromEnvironment(): TensorflowLibrary | undefined {
  const path = Deno.env.get("LIBTENSORFLOW");
  if (!path) return undefined;
  if (!exists(path)) {
    throw new Error(
      `Cannot load TensorFlow as the environment variable LIBTENSORFLOW must name a file: current value is ${path}`,
    );
  }
  return { path, origin: "environment variable LIBTENSORFLOW" };
}

function fromPython(): TensorflowLibrary | undefined {
  const virtual = Deno.env.get("VIRTUAL_ENV");
  const pythons = [virtual && `${virtual}/bin/python`, "python3", "python"];
  for (const python of pythons) {
    const folder = python && wheelFolder(python);
    if (!folder) continue;
    for (const name of WHEEL_NAMES) {
      const path = `${folder}/${name}`;
      if (exists(path)) return { path, origin: `Python package of ${python}` };
    }
  }
  return undefined;
}

function wheelFolder(python: string): string {
  try {
    const { stdout } = new Deno.Command(python, {
      args: ["-c", WHEEL_QUERY],
      stderr: "null",
    }).outputSync();
    return new TextDecoder().decode(stdout).trim();
  } catch {
    return "";
  }
}

function fromPackages(): TensorflowLibrary | undefined {
  for (const name of PACKAGES) {
    const url = new URL(
      `../../node_modules/${name}/deps/lib/libtensorflow.so.2`,
      import.meta.url,
    );
    if (exists(url)) return { path: fileURLToPath(url), origin: `npm ${name}` };
  }
  return undefined;
}

function exists(path: string | URL): boolean {
  try {
    return Deno.statSync(path).isFile;
  } catch {
    return false;
  }
}

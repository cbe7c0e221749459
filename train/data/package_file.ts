/**
 * Reads a text file of an npm package this member depends on.
 *
 * Large JSON files are read, not imported: the type checker would infer a type from 25 MB of icons.
 *
 * @param specifier Package name and path: "emojibase-data/en/data.json".
 * @throws {Error} If the package is not installed.
 */
export async function readPackageFile(specifier: string): Promise<string> {
  return new TextDecoder().decode(await readPackageBytes(specifier));
}

/** Reads a file of an npm package this member depends on; see {@linkcode readPackageFile}. */
export async function readPackageBytes(
  specifier: string,
): Promise<Uint8Array<ArrayBuffer>> {
  try {
    return await Deno.readFile(new URL(import.meta.resolve(specifier)));
  } catch (cause) {
    throw new Error(
      `Cannot read ${specifier} as its package must be installed: run deno install`,
      { cause },
    );
  }
}

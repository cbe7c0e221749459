import { readdir, stat } from "node:fs/promises";

/**
 * Whether a file is newer than everything that it is made from.
 *
 * @param output The file; it need not exist.
 * @param sources Folders with what it is made from.
 */
export async function isCurrent(
  output: string,
  sources: readonly string[],
): Promise<boolean> {
  const built = await stat(output).catch(() => undefined);
  if (built === undefined) return false;
  for (const source of sources) {
    if ((await newest(source)) >= built.mtimeMs) return false;
  }
  return true;
}

/** When something in a folder was changed last; folders count, since files that are gone change them. */
async function newest(folder: string): Promise<number> {
  const entries = await readdir(folder, { recursive: true });
  const stats = await Promise.all(
    [".", ...entries].map((entry) => stat(`${folder}/${entry}`)),
  );
  return Math.max(...stats.map(({ mtimeMs }) => mtimeMs));
}

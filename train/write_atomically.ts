/**
 * Writes a file under a temporary name and renames it, so that `path` holds the old or the new text, never a part.
 *
 * @throws {Error} If it cannot be written; the message names it, and the temporary file is gone.
 */
export async function writeAtomically(
  path: string,
  content: Uint8Array | string,
): Promise<void> {
  const temporary = `${path}.tmp`;
  try {
    if (typeof content === "string") {
      await Deno.writeTextFile(temporary, content);
    } else await Deno.writeFile(temporary, content);
    await Deno.rename(temporary, path);
  } catch (cause) {
    await Deno.remove(temporary).catch(() => {});
    const reason = cause instanceof Error ? cause.message : cause;
    throw new Error(`Cannot write ${path} as ${reason}`, { cause });
  }
}

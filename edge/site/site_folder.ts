import { readdir, stat } from "node:fs/promises";
import { join } from "node:path";
import { readSlice } from "./read_slice.ts";
import { mediaType, type Site, type SiteFile } from "./site.ts";

/** Folder whose files carry a hash in their names. */
const HASHED = "assets";

/**
 * Lists the built site; reads nothing yet.
 *
 * @param root The folder that `deno task build` has written.
 * @returns Files by path, `/` for `index.html`; none where the folder does not exist.
 */
export async function readSiteFolder(root: string): Promise<Site> {
  const entries = await readdir(root, { withFileTypes: true, recursive: true })
    .catch((error: NodeJS.ErrnoException) => {
      if (error.code === "ENOENT") return [];
      throw error;
    });
  const site = new Map<string, SiteFile>();
  for (const entry of entries) {
    if (!entry.isFile() || entry.name.startsWith("_")) continue;
    const file = join(entry.parentPath, entry.name);
    const path = file.slice(root.length).replaceAll("\\", "/");
    const { size, mtimeMs } = await stat(file);
    site.set(path === "/index.html" ? "/" : path, {
      type: mediaType(entry.name),
      tag: `${size.toString(36)}-${Math.round(mtimeMs).toString(36)}`,
      size,
      immutable: path.startsWith(`/${HASHED}/`),
      compressible: true,
      read: (start, end) => readSlice(file, start, end),
    });
  }
  return site;
}

import { readFile } from "node:fs/promises";

/** Reads and compiles a WebAssembly file. */
export async function compileFile(path: string): Promise<WebAssembly.Module> {
  return await WebAssembly.compile(new Uint8Array(await readFile(path)));
}

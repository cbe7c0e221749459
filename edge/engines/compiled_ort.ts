/** Stands for onnxruntime's file. No WebAssembly module begins like this. */
const MARK = new TextEncoder().encode("compiled");

let used = false;

/**
 * Makes onnxruntime-web take a WebAssembly module that is compiled already: Workers may not compile bytes at all, and
 * browsers compile fastest while the file arrives. To be called before the first engine is made.
 *
 * @param ort The `.wasm` file of the build of onnxruntime-web in use.
 */
export function useCompiledOrt(ort: WebAssembly.Module): void {
  const original = WebAssembly.instantiate;
  // onnxruntime copies the bytes that it is given and hands the copy to this function, without a look at it
  const instantiate = async (
    source: WebAssembly.Module | BufferSource,
    imports?: WebAssembly.Imports,
  ) =>
    source instanceof Uint8Array && isMark(source)
      ? { instance: await original(ort, imports), module: ort }
      : await original(source as WebAssembly.Module, imports);
  WebAssembly.instantiate = instantiate as typeof original;
  used = true;
}

/** What to give onnxruntime-web for its file, if it is compiled already. */
export function compiledOrt(): Uint8Array<ArrayBuffer> | undefined {
  return used ? MARK : undefined;
}

function isMark(bytes: Uint8Array): boolean {
  return bytes.length === MARK.length &&
    bytes.every((byte, index) => byte === MARK[index]);
}

import { wasmEngine } from "../engines/wasm.ts";
import { servePage } from "./serve_page.ts";

servePage("wasm", wasmEngine);

import { webgpuEngine } from "../engines/webgpu.ts";
import { servePage } from "./serve_page.ts";

servePage("webgpu", webgpuEngine);

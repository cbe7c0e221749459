import * as tf from "@tensorflow/tfjs";
import { registerFilterGradient } from "./kernels.ts";

/** What WebGPU reaches from here: a GPU, a processor that plays one, or nothing. */
export async function findAdapter(): Promise<"gpu" | "software" | undefined> {
  const adapter = await navigator.gpu?.requestAdapter().catch(() => null);
  if (!adapter) return undefined;
  const software = /llvmpipe|swiftshader|basic render/i;
  return software.test(adapter.info.description) ? "software" : "gpu";
}

/** Opens TensorFlow.js's WebGPU backend on Deno's own adapter. */
export async function openWebgpu(): Promise<{ description: string }> {
  const adapter = await navigator.gpu?.requestAdapter({
    powerPreference: "high-performance",
  });
  if (!adapter) {
    throw new Error(
      "Cannot open the WebGPU backend as no adapter was found: install a Vulkan driver (Debian's mesa-vulkan-drivers has a software one)",
    );
  }
  const { vendor, description, device } = adapter.info;
  await import("@tensorflow/tfjs-backend-webgpu");
  // The matrix-product form of the input gradient; the default is one thread a value.
  tf.env().set("WEBGPU_USE_NAIVE_CONV2D_TRANSPOSE", false);
  await tf.setBackend("webgpu");
  await tf.ready();
  registerFilterGradient();
  return {
    description: `WebGPU on ${
      [description, device, vendor].find((text) => text) ?? "an unnamed adapter"
    }`,
  };
}

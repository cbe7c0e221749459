import assert from "node:assert/strict";

const LIBRARY = new URL("../../../train/native/library.ts", import.meta.url);

Deno.test("findTensorflow() gives a plain path where the project's has spaces", async () => {
  const dir = await Deno.makeTempDir({ prefix: "my projects " });
  try {
    const lib = `${dir}/node_modules/@tensorflow/tfjs-node/deps/lib`;
    await Deno.mkdir(lib, { recursive: true });
    await Deno.mkdir(`${dir}/train/native`, { recursive: true });
    await Deno.writeTextFile(`${lib}/libtensorflow.so.2`, "");
    await Deno.copyFile(LIBRARY, `${dir}/train/native/library.ts`);
    const program = `${dir}/print.ts`;
    await Deno.writeTextFile(
      program,
      'import { findTensorflow } from "./train/native/library.ts";\n' +
        "console.log(JSON.stringify(findTensorflow()));\n",
    );
    const { stdout, stderr } = await new Deno.Command(Deno.execPath(), {
      args: ["run", "-A", "--no-config", "--quiet", program],
      clearEnv: true, // no other library, no Python
      env: { PATH: "", DENO_DIR: `${dir}/cache` },
    }).output();
    const text = (bytes: Uint8Array) => new TextDecoder().decode(bytes);
    assert.deepEqual(
      JSON.parse(text(stdout) || "null"),
      {
        path: `${lib}/libtensorflow.so.2`,
        origin: "npm @tensorflow/tfjs-node",
      },
      text(stderr),
    );
  } finally {
    await Deno.remove(dir, { recursive: true });
  }
});

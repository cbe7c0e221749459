import assert from "node:assert/strict";

Deno.test("report serves the page of a run and finds nothing else", async () => {
  const dir = await Deno.makeTempDir();
  await Deno.writeTextFile(`${dir}/config.json`, '{"images":10}');
  const process = new Deno.Command(Deno.execPath(), {
    args: ["run", "-A", "train/report.ts", "--run", dir, "--port", "0"],
    cwd: new URL("../../", import.meta.url),
    stdout: "piped",
  }).spawn();
  const reader = process.stdout.pipeThrough(new TextDecoderStream())
    .getReader();
  const { value = "" } = await reader.read();
  const url = /http:\/\/localhost:\d+\//.exec(value)![0];
  const page = await fetch(url);
  assert.equal(page.headers.get("content-type"), "text/html; charset=utf-8");
  assert.match(await page.text(), /training report/);
  const other = await fetch(`${url}config.json`);
  assert.equal(other.status, 404);
  await other.body?.cancel();
  process.kill();
  await reader.cancel();
  await process.status;
  await Deno.remove(dir, { recursive: true });
});

import project from "../../deno.json" with { type: "json" };

const root = new URL("../../", import.meta.url);

/** Runs `deno task train` with `args`: with the permissions of the task and no more. */
export async function runTrainTask(
  args: readonly string[],
  env: Record<string, string> = {},
): Promise<{ code: number; stderr: string }> {
  const permissions = project.tasks.train.command.split(" ").filter((word) =>
    word.startsWith("--allow-")
  );
  const { code, stderr } = await new Deno.Command(Deno.execPath(), {
    args: [
      ...["run", "--no-prompt", "--no-check", ...permissions],
      ...["train/train.ts", ...args],
    ],
    cwd: root,
    env,
  }).output();
  return { code, stderr: new TextDecoder().decode(stderr) };
}

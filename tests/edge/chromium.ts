import { existsSync } from "node:fs";
import { type Browser, chromium } from "playwright-core";

/** Where systems put Chromium. */
const PATHS = [
  "/usr/bin/chromium",
  "/usr/bin/chromium-browser",
  "/usr/bin/google-chrome",
  "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
];

const path = Deno.env.get("CHROMIUM") ?? PATHS.find((file) => existsSync(file));

/** Why tests in a browser cannot run; undefined where they can. */
export const NO_CHROMIUM: string | undefined = path === undefined
  ? "no Chromium: install it or name it in CHROMIUM"
  : undefined;

/** Starts Chromium without a window. */
export async function launchChromium(args: string[] = []): Promise<Browser> {
  return await chromium.launch({
    executablePath: path!,
    args: ["--no-sandbox", "--disable-gpu", ...args],
  });
}

import { fileURLToPath } from "node:url";

/** Options of every program here. */
export const SERVER_OPTIONS = {
  models: {
    type: "string",
    default: fileURLToPath(new URL("../../models", import.meta.url)),
    help: "folder of the models",
  },
} as const;

/** How many clients ask. */
export function clientsOption<const Count extends number>(count: Count) {
  return {
    type: "number",
    default: count,
    integer: true,
    min: 1,
    help: "clients, each with one request on its way",
  } as const;
}

/** Bytes in MiB, for people. */
export function mib(bytes: number): string {
  return (bytes / 2 ** 20).toFixed(0);
}

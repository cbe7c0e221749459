/**
 * A progress line on the terminal, or a line now and then where there is none.
 *
 * @module
 */

const PLAIN_INTERVAL_MS = 30_000;

/** Shows lines that replace each other. */
export interface Progress {
  /** Replaces the line. */
  show(line: string): void;
  /** Prints a line that stays. */
  log(line: string): void;
}

/** Creates a progress line on standard error. */
export function createProgress(): Progress {
  const terminal = Deno.stderr.isTerminal();
  const encoder = new TextEncoder();
  let last = -Infinity;
  const write = (text: string) => Deno.stderr.writeSync(encoder.encode(text));
  return {
    show(line) {
      if (terminal) {
        write(`\r\x1b[K${line}`);
      } else if (performance.now() - last > PLAIN_INTERVAL_MS) {
        last = performance.now();
        write(`${line}\n`);
      }
    },
    log: (line) => write(terminal ? `\r\x1b[K${line}\n` : `${line}\n`),
  };
}

/** Seconds as "1 h 02 min", "3 min 20 s" or "12 s". */
export function formatSeconds(seconds: number): string {
  const s = Math.round(seconds);
  const two = (n: number) => String(n).padStart(2, "0");
  if (s >= 3600) {
    return `${Math.floor(s / 3600)} h ${two(Math.floor(s % 3600 / 60))} min`;
  }
  return s >= 60 ? `${Math.floor(s / 60)} min ${two(s % 60)} s` : `${s} s`;
}

/** What {@linkcode listen} needs. */
export interface ListenOptions {
  /** Port; 0 is any free one. */
  port: number;
  /** Name or address to listen at. */
  hostname: string;
  /** Answers a request. */
  handler: Deno.ServeHandler<Deno.NetAddr>;
  /** Called once, with the port. */
  onListen: (port: number) => void;
  /**
   * Called when the listener has failed.
   * @default {console.error}
   */
  onError?: (message: string) => void;
}

/** A server that listens. */
export interface Listener {
  /** Resolves when it has stopped because it was told to. */
  readonly finished: Promise<void>;
  /** Takes no more connections; requests under way are answered. */
  shutdown(): void;
}

/** Milliseconds before a listener that failed is opened anew. */
const PAUSE_MS = 100;

/**
 * Serves until told to stop. `Deno.serve` ends for good at the first connection that it cannot accept, as when clients hold
 * all the file descriptors there are; here it is started again as soon as there are some.
 *
 * @throws {Error} If it cannot listen in the first place.
 */
export function listen(
  { port, hostname, handler, onListen, onError = console.error }: ListenOptions,
): Listener {
  const serve = (port: number, onListen: (port: number) => void) =>
    Deno.serve(
      { port, hostname, onListen: ({ port }) => onListen(port) },
      handler,
    );
  let server = serve(port, onListen);
  const { port: own } = server.addr;
  let stopping = false;

  async function keepListening(): Promise<void> {
    while (!stopping) {
      try {
        await server.finished;
        return;
      } catch (error) {
        onError(`Cannot accept connections now: ${(error as Error).message}`);
      }
      do await rest(); while (!stopping && !restart());
    }
  }

  function restart(): boolean {
    try {
      server = serve(own, () => {});
      return true;
    } catch {
      return false; // still nothing free
    }
  }

  return {
    finished: keepListening(),
    shutdown() {
      stopping = true;
      server.shutdown().catch(() => {}); // it has failed already
    },
  };
}

function rest(): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, PAUSE_MS));
}

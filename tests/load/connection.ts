/** An answer to a request. */
export interface Answer {
  /** HTTP status. */
  readonly status: number;
  /** The head: status line and headers. */
  readonly head: string;
  /** Bytes of content. */
  readonly bytes: number;
}

const encoder = new TextEncoder();
const decoder = new TextDecoder("latin1");
/** The end of a head, and that of content in chunks. */
const END = encoder.encode("\r\n\r\n");
const LAST_CHUNK = encoder.encode("\r\n0\r\n\r\n");

/** One kept-alive HTTP/1.1 connection over a bare socket: one request at a time, nothing interpreted but what ends an answer. */
export class Connection {
  readonly #socket: Deno.TcpConn;
  readonly #buffer = new Uint8Array(65536);

  private constructor(socket: Deno.TcpConn) {
    this.#socket = socket;
    socket.setNoDelay(true);
  }

  /** Connects to the host of `url`. */
  static async open(url: string): Promise<Connection> {
    const { hostname, port } = new URL(url);
    return new Connection(
      await Deno.connect({ hostname, port: Number(port) }),
    );
  }

  /**
   * Sends a request and reads its answer.
   *
   * @param request The bytes of the request, from {@linkcode requestBytes}.
   * @param bodiless Whether the answer has no content whatever its headers say, as to HEAD.
   * @throws {Error} If the connection ends before the answer does.
   */
  async send(
    request: Uint8Array,
    bodiless: boolean = false,
  ): Promise<Answer> {
    await this.write(request);
    let received = await this.#read();
    let end = indexOf(received, END);
    while (end < 0) {
      received = join(received, await this.#read());
      end = indexOf(received, END);
    }
    const head = decoder.decode(received.subarray(0, end));
    const status = Number(head.slice(9, 12));
    const start = end + END.length;
    let length = received.length - start;
    if (bodiless || status === 304 || status === 204) length = 0;
    else if (/\r\ntransfer-encoding: chunked/i.test(head)) {
      // the line end before the first chunk belongs to the head
      while (!endsWith(received, LAST_CHUNK, start - 2)) {
        received = join(received, await this.#read());
      }
      length = received.length - start;
    } else {
      length = Number(/\r\ncontent-length: (\d+)/i.exec(head)?.[1]);
      let missing = start + length - received.length;
      while (missing > 0) missing -= (await this.#read()).length;
    }
    return { status, head, bytes: length };
  }

  /** Sends bytes, all of them. */
  async write(bytes: Uint8Array): Promise<void> {
    let sent = 0;
    while (sent < bytes.length) {
      sent += await this.#socket.write(bytes.subarray(sent));
    }
  }

  /** Ends the connection. */
  close(): void {
    this.#socket.close();
  }

  /** What has come, lent until the next call. */
  async #read(): Promise<Uint8Array> {
    const count = await this.#socket.read(this.#buffer);
    if (count === null) throw new Error("Connection ended within an answer");
    return this.#buffer.subarray(0, count);
  }
}

/** Options for {@linkcode requestBytes}. */
export interface RequestOptions {
  /**
   * HTTP method.
   * @default {"GET"}
   */
  method?: string;
  /**
   * Headers beside Host.
   * @default {{}}
   */
  headers?: Record<string, string>;
}

/** The bytes of a request without content. */
export function requestBytes(
  url: string,
  { method = "GET", headers = {} }: RequestOptions = {},
): Uint8Array {
  const { host, pathname, search } = new URL(url);
  const lines = [
    `${method} ${pathname}${search} HTTP/1.1`,
    `host: ${host}`,
    ...Object.entries(headers).map(([name, value]) => `${name}: ${value}`),
  ];
  return encoder.encode(`${lines.join("\r\n")}\r\n\r\n`);
}

function join(a: Uint8Array, b: Uint8Array): Uint8Array {
  const both = new Uint8Array(a.length + b.length);
  both.set(a);
  both.set(b, a.length);
  return both;
}

function indexOf(bytes: Uint8Array, part: Uint8Array): number {
  const last = bytes.length - part.length;
  for (
    let at = bytes.indexOf(part[0]!);
    at >= 0 && at <= last;
    at = bytes.indexOf(part[0]!, at + 1)
  ) {
    if (part.every((byte, k) => bytes[at + k] === byte)) return at;
  }
  return -1;
}

function endsWith(
  bytes: Uint8Array,
  part: Uint8Array,
  from: number,
): boolean {
  const start = bytes.length - part.length;
  return start >= from && part.every((byte, k) => bytes[start + k] === byte);
}

/**
 * The protobuf wire format, as much as ONNX and event files need.
 *
 * @module
 */

const encoder = new TextEncoder();

/** A message under construction; fields are written in the order of the calls. */
export class Message {
  readonly #parts: Uint8Array[] = [];

  /** Writes an integer field. */
  int(field: number, value: number): this {
    return this.#varint(8 * field).#varint(value);
  }

  /** Writes a float32 field. */
  float(field: number, value: number): this {
    this.#varint(8 * field + 5);
    this.#parts.push(new Uint8Array(Float32Array.of(value).buffer));
    return this;
  }

  /** Writes a float64 field. */
  double(field: number, value: number): this {
    this.#varint(8 * field + 1);
    this.#parts.push(new Uint8Array(Float64Array.of(value).buffer));
    return this;
  }

  /** Writes a field of bytes. */
  bytes(field: number, value: Uint8Array): this {
    this.#varint(8 * field + 2).#varint(value.length);
    this.#parts.push(value);
    return this;
  }

  /** Writes a text field. */
  text(field: number, value: string): this {
    return this.bytes(field, encoder.encode(value));
  }

  /** Writes a message field. */
  message(field: number, value: Message): this {
    return this.bytes(field, value.finish());
  }

  /** The encoded message. */
  finish(): Uint8Array<ArrayBuffer> {
    const out = new Uint8Array(
      this.#parts.reduce((sum, { length }) => sum + length, 0),
    );
    let at = 0;
    for (const part of this.#parts) {
      out.set(part, at);
      at += part.length;
    }
    return out;
  }

  #varint(value: number): this {
    const bytes: number[] = [];
    let rest = BigInt.asUintN(64, BigInt(value));
    do {
      const low = Number(rest & 127n);
      rest >>= 7n;
      bytes.push(rest > 0n ? low | 128 : low);
    } while (rest > 0n);
    this.#parts.push(Uint8Array.from(bytes));
    return this;
  }
}

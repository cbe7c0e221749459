/** A field of a protobuf message: an integer, or bytes that may be a message, a text or numbers. */
export interface Field {
  /** Its number. */
  readonly number: number;
  /** Value of an integer field, else 0. */
  readonly integer: number;
  /** Content of any other field, else empty. */
  readonly bytes: Uint8Array;
}

const EMPTY = new Uint8Array();

/**
 * Reads the fields of a message in the protobuf wire format, in their order.
 *
 * @throws {TypeError} If the bytes are no message.
 */
export function* readFields(message: Uint8Array): Generator<Field> {
  let at = 0;

  function varint(): number {
    let value = 0;
    for (let scale = 1;; scale *= 128) {
      const byte = message[at++];
      if (byte === undefined || scale > 2 ** 63) throw broken(at);
      value += (byte & 127) * scale;
      if (byte < 128) return value;
    }
  }
  function take(length: number): Uint8Array {
    if (at + length > message.length) throw broken(at);
    return message.subarray(at, at += length);
  }

  while (at < message.length) {
    const tag = varint();
    const number = Math.floor(tag / 8);
    switch (tag % 8) {
      case 0:
        yield { number, integer: varint(), bytes: EMPTY };
        break;
      case 1:
        yield { number, integer: 0, bytes: take(8) };
        break;
      case 2:
        yield { number, integer: 0, bytes: take(varint()) };
        break;
      case 5:
        yield { number, integer: 0, bytes: take(4) };
        break;
      default:
        throw broken(at);
    }
  }
}

function broken(at: number): TypeError {
  return new TypeError(`Cannot read protobuf message as byte ${at} is damaged`);
}

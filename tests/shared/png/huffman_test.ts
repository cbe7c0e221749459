import assert from "node:assert/strict";
import { huffmanCodes, huffmanLengths } from "../../../shared/png/huffman.ts";

const kraft = (lengths: Uint8Array) =>
  lengths.reduce((sum, length) => sum + (length > 0 ? 2 ** -length : 0), 0);

Deno.test("huffmanLengths() reaches the known optimum", () => {
  // Huffman's code for 5, 9, 12, 13, 16, 45 (Cormen et al., figure 16.3) costs 224 bits.
  const counts = Uint32Array.of(45, 13, 12, 16, 9, 5);
  const lengths = huffmanLengths(counts, 15);
  assert.deepEqual([...lengths], [1, 3, 3, 3, 4, 4]);
});

Deno.test("huffmanLengths() keeps to the limit with a complete code", () => {
  const fibonacci = new Uint32Array(30);
  fibonacci.set([1, 1]);
  for (let i = 2; i < 30; i++) {
    fibonacci[i] = fibonacci[i - 1]! + fibonacci[i - 2]!;
  }
  for (const limit of [5, 7, 15]) {
    const lengths = huffmanLengths(fibonacci, limit);
    assert.ok(lengths.every((length) => length >= 1 && length <= limit));
    assert.equal(kraft(lengths), 1);
  }
});

Deno.test("huffmanLengths() gives a lone symbol one bit and absent ones none", () => {
  assert.deepEqual([...huffmanLengths(Uint32Array.of(0, 7, 0), 15)], [0, 1, 0]);
  assert.deepEqual([...huffmanLengths(new Uint32Array(3), 15)], [0, 0, 0]);
});

Deno.test("huffmanCodes() gives RFC 1951's example, bits reversed", () => {
  // Section 3.2.2: lengths (3, 3, 3, 3, 3, 2, 4, 4) give 010 011 100 101 110 00 1110 1111.
  assert.deepEqual(
    [...huffmanCodes(Uint8Array.of(3, 3, 3, 3, 3, 2, 4, 4))],
    [0b010, 0b110, 0b001, 0b101, 0b011, 0b00, 0b0111, 0b1111],
  );
});

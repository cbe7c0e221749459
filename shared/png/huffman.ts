/**
 * Lengths of a Huffman code in which no word is longer than `limit` bits.
 *
 * Lengths past the limit are cut and the Kraft sum is then repaired by lengthening the longest
 * words that still can grow, which costs a few bits against the optimum.
 *
 * @param counts How often each symbol occurs; zero leaves the symbol out of the code.
 * @param limit Longest word in bits, at most 15; 2^limit must reach the number of symbols.
 * @returns One length a symbol, 0 for symbols that never occur.
 */
export function huffmanLengths(counts: Uint32Array, limit: number): Uint8Array {
  const lengths = new Uint8Array(counts.length);
  const used = usedSymbols(counts);
  const leaves = used.length;
  if (leaves === 0) return lengths;
  if (leaves === 1) {
    lengths[used[0]!] = 1;
    return lengths;
  }

  // Two queues, leaves and joined nodes, both in rising order of weight.
  const weight = new Float64Array(2 * leaves - 1);
  const parent = new Int32Array(2 * leaves - 1);
  for (let i = 0; i < leaves; i++) weight[i] = counts[used[i]!]!;
  let leaf = 0;
  let joined = leaves;
  for (let node = leaves; node < 2 * leaves - 1; node++) {
    for (let child = 0; child < 2; child++) {
      const takeLeaf = leaf < leaves &&
        (joined >= node || weight[leaf]! <= weight[joined]!);
      const next = takeLeaf ? leaf++ : joined++;
      weight[node]! += weight[next]!;
      parent[next] = node;
    }
  }

  const depth = new Uint8Array(2 * leaves - 1);
  const words = new Uint32Array(limit + 1); // how many words have each length
  for (let node = 2 * leaves - 3; node >= 0; node--) {
    depth[node] = depth[parent[node]!]! + 1;
    if (node < leaves) words[Math.min(depth[node]!, limit)]!++;
  }
  repairKraft(words, limit);

  // The rarest symbols come first and get the longest words.
  let next = 0;
  for (let length = limit; length > 0; length--) {
    for (let k = words[length]!; k > 0; k--) lengths[used[next++]!] = length;
  }
  return lengths;
}

/** The symbols that occur, the rarest first, equally frequent ones in their own order. */
function usedSymbols(counts: Uint32Array): Uint16Array {
  const size = counts.length;
  const keys = new Float64Array(size); // numbers sort without calls of a comparator
  let used = 0;
  for (let symbol = 0; symbol < size; symbol++) {
    if (counts[symbol]! > 0) keys[used++] = counts[symbol]! * size + symbol;
  }
  keys.subarray(0, used).sort();
  const symbols = new Uint16Array(used);
  for (let i = 0; i < used; i++) symbols[i] = keys[i]! % size;
  return symbols;
}

/** Makes Σ 2^-length equal to 1 by changing as few lengths as possible. */
function repairKraft(words: Uint32Array, limit: number): void {
  let sum = 0;
  for (let length = 1; length <= limit; length++) {
    sum += words[length]! << (limit - length);
  }
  for (; sum > 1 << limit; sum--) {
    // One word at the limit and a shorter one become two words one bit longer than the latter.
    words[limit]!--;
    let length = limit - 1;
    while (words[length] === 0) length--;
    words[length]!--;
    words[length + 1]! += 2;
  }
}

/**
 * Canonical code words of the given lengths (RFC 1951, section 3.2.2), bits reversed so that they
 * can be written from the least significant bit on.
 *
 * @param lengths One length a symbol, 0 for none.
 * @returns One word a symbol.
 */
export function huffmanCodes(lengths: Uint8Array): Uint16Array {
  const next = new Uint32Array(17);
  for (const length of lengths) {
    if (length > 0) next[length + 1]!++;
  }
  for (let length = 1; length < 17; length++) {
    next[length] = (next[length]! + next[length - 1]!) << 1;
  }
  const codes = new Uint16Array(lengths.length);
  for (let symbol = 0; symbol < lengths.length; symbol++) {
    const length = lengths[symbol]!;
    if (length === 0) continue;
    let code = next[length]!++;
    for (let bit = 0; bit < length; bit++, code >>= 1) {
      codes[symbol] = (codes[symbol]! << 1) | (code & 1);
    }
  }
  return codes;
}

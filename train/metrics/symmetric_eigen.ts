/** Eigenvalues of a symmetric matrix and the vectors that belong to them. */
export interface SymmetricEigen {
  /** Eigenvalues, in no order. */
  readonly values: Float64Array;
  /** Column k, `vectors[i·n + k]`, belongs to eigenvalue k; columns are orthonormal. */
  readonly vectors: Float64Array;
}

const MAX_SWEEPS = 60;

/**
 * Diagonalises a real symmetric matrix with Jacobi rotations, row by row (Golub & Van Loan, Matrix Computations, §8.5).
 *
 * @param matrix `[n, n]`; only symmetry within rounding is assumed.
 * @param n Its size.
 * @throws {RangeError} If the matrix has values that are not finite.
 */
export function symmetricEigen(
  matrix: Float64Array,
  n: number,
): SymmetricEigen {
  const a = matrix.slice();
  const v = new Float64Array(n * n);
  for (let i = 0; i < n; i++) v[i * n + i] = 1;
  const total = a.reduce((sum, value) => sum + value * value, 0);
  if (!Number.isFinite(total)) {
    throw new RangeError(
      `Cannot find eigenvalues as the matrix must be finite: current value of its squared norm is ${total}`,
    );
  }
  for (let sweep = 0; sweep < MAX_SWEEPS; sweep++) {
    let off = 0;
    for (let p = 0; p < n; p++) {
      for (let q = p + 1; q < n; q++) off += a[p * n + q]! ** 2;
    }
    if (off <= 1e-30 * total) break;
    for (let p = 0; p < n; p++) {
      for (let q = p + 1; q < n; q++) rotate(a, v, n, p, q);
    }
  }
  const values = Float64Array.from({ length: n }, (_, i) => a[i * n + i]!);
  return { values, vectors: v };
}

/** Makes a[p, q] zero. */
function rotate(
  a: Float64Array,
  v: Float64Array,
  n: number,
  p: number,
  q: number,
): void {
  const apq = a[p * n + q]!;
  if (apq === 0) return;
  const theta = (a[q * n + q]! - a[p * n + p]!) / (2 * apq);
  const t = (theta < 0 ? -1 : 1) / (Math.abs(theta) + Math.hypot(theta, 1));
  const c = 1 / Math.hypot(t, 1);
  const s = t * c;
  a[p * n + p]! -= t * apq;
  a[q * n + q]! += t * apq;
  a[p * n + q] = 0;
  a[q * n + p] = 0;
  for (let k = 0; k < n; k++) {
    if (k !== p && k !== q) {
      const akp = a[p * n + k]!;
      const akq = a[q * n + k]!;
      a[p * n + k] = a[k * n + p] = c * akp - s * akq;
      a[q * n + k] = a[k * n + q] = s * akp + c * akq;
    }
    const vkp = v[k * n + p]!;
    const vkq = v[k * n + q]!;
    v[k * n + p] = c * vkp - s * vkq;
    v[k * n + q] = s * vkp + c * vkq;
  }
}

/** Square root of a symmetric positive semi-definite matrix; negative eigenvalues, which are rounding, count as 0. */
export function symmetricRoot(matrix: Float64Array, n: number): Float64Array {
  const { values, vectors } = symmetricEigen(matrix, n);
  const scaled = vectors.map((value, i) =>
    value * Math.sqrt(Math.max(0, values[i % n]!))
  );
  return multiplyTransposed(scaled, vectors, n);
}

/** A·Bᵀ of square matrices. */
export function multiplyTransposed(
  a: Float64Array,
  b: Float64Array,
  n: number,
): Float64Array {
  const out = new Float64Array(n * n);
  for (let i = 0; i < n; i++) {
    for (let j = 0; j < n; j++) {
      let sum = 0;
      for (let k = 0; k < n; k++) sum += a[i * n + k]! * b[j * n + k]!;
      out[i * n + j] = sum;
    }
  }
  return out;
}

/**
 * Solves A·x = b for a symmetric positive definite matrix of `size` rows, given by rows; only the lower triangle is read.
 * `matrix` becomes its factor, and `vector` the solution. False where the matrix is not positive definite in double
 * precision; both are meaningless then.
 */
export function solveInPlace(matrix: Float64Array, vector: Float64Array, size: number): boolean {
  if (!factorInPlace(matrix, size)) return false;
  for (let i = 0; i < size; i++) {
    let sum = vector[i];
    for (let k = 0; k < i; k++) sum -= matrix[i * size + k] * vector[k];
    vector[i] = sum / matrix[i * size + i];
  }
  for (let i = size - 1; i >= 0; i--) {
    let sum = vector[i];
    for (let k = i + 1; k < size; k++) sum -= matrix[k * size + i] * vector[k];
    vector[i] = sum / matrix[i * size + i];
  }
  return true;
}

function factorInPlace(matrix: Float64Array, size: number): boolean {
  for (let j = 0; j < size; j++) {
    let pivot = matrix[j * size + j];
    for (let k = 0; k < j; k++) pivot -= matrix[j * size + k] ** 2;
    if (!(pivot > 1e-14 * Math.abs(matrix[j * size + j]))) return false;
    const root = Math.sqrt(pivot);
    matrix[j * size + j] = root;
    for (let i = j + 1; i < size; i++) {
      let sum = matrix[i * size + j];
      for (let k = 0; k < j; k++) sum -= matrix[i * size + k] * matrix[j * size + k];
      matrix[i * size + j] = sum / root;
    }
  }
  return true;
}

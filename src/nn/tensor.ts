/** The largest |value| of a tensor, NaN if any is NaN; the step that writes the values writes it, too. */
export interface Magnitude {
  present: number;
}

/** A float32 array on the WASM memory, row-major: `rows` × `columns`. */
export interface Tensor {
  readonly rows: number;
  readonly columns: number;
  /** Byte address of the values. */
  readonly data: number;
  /** Byte address of the gradient; set by the consumer's backward pass before the producer's reads it. */
  gradient: number;
  /** Whether something else still reads the values, so that they must not be overwritten. */
  dataShared: boolean;
  /** Whether something else still needs the gradient buffer, so that it must not be overwritten. */
  gradientShared: boolean;
  /** Of the values and of the gradient, where the ops that write them find it: casts then need not search. */
  dataMagnitude?: Magnitude;
  gradientMagnitude?: Magnitude;
}

/** A trained tensor with its gradient. */
export interface Parameter {
  readonly name: string;
  /** [length] or [fanIn, fanOut]; a matrix W acts as y = x W. */
  readonly shape: readonly number[];
  readonly size: number;
  readonly data: number;
  readonly gradient: number;
  /** Distribution of the initial values: normal with this mean and standard deviation. */
  readonly initial: {readonly mean: number; readonly spread: number};
  /** Multiplies the learning rate; part of the scheme. */
  readonly learningRate: number;
}

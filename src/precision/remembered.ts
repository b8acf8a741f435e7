/**
 * A part of a run that remembers numbers from one training step to the next, apart from weights and the optimizer's
 * vectors. Restored from what another one saved, it goes on as that one would.
 */
export interface Remembered {
  save(): readonly number[];
  restore(numbers: readonly number[]): void;
}

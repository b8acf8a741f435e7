import type {ProbedTensor} from "../src/nn/program.js";

/**
 * One tensor of one run at every step where it was looked at: a row of `loaders/recipe-health.arrow`. The lists are as
 * long as the run lasted; NaN stands where there is nothing to tell, as the loss of a cast that does not take place.
 */
export interface HealthRow {
  readonly scheme: string;
  readonly recipe: string;
  /** Position along the network, from 0. */
  readonly depth: number;
  readonly layer: string;
  readonly tensor: ProbedTensor;
  /** Root mean square before the cast. */
  readonly spread: ArrayLike<number>;
  /** Share of the non-zero elements that the recipe's cast turns to zero; of several casts the worst counts. */
  readonly underflow: ArrayLike<number>;
  /** Share of the elements that round beyond the largest value of the recipe's cast. */
  readonly overflow: ArrayLike<number>;
  /**
   * Signal-to-quantization-noise ratio of the recipe's cast in decibels; of weight gradients, the ratio of the gradient to
   * what all casts of the recipe add to it.
   */
  readonly signal: ArrayLike<number>;
}

/** What a row tells of every step. */
export type HealthMeasure = "spread" | "underflow" | "overflow" | "signal";

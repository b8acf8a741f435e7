import type {Constant} from "./law.js";

/** Of a power of N or D. The starts are those of Hoffmann et al., appendix D.3: logarithms 0, 5 … 25. */
export const coefficient = (name: string, symbol: string, meaning: string): Constant => ({
  name,
  symbol,
  meaning,
  lower: 1e-8,
  upper: 1e14,
  positive: true,
  linear: true,
  starts: [0, 5, 10, 15, 20, 25].map(Math.exp),
});

/** Exponent of N or D; starts as in Hoffmann et al., appendix D.3 (0.01 for their 0). */
export const exponent = (name: string, symbol: string, meaning: string): Constant => ({
  name,
  symbol,
  meaning,
  lower: 1e-3,
  upper: 4,
  positive: true,
  linear: false,
  starts: [0.01, 0.5, 1, 1.5, 2],
});

/** The loss that no amount of parameters and text goes below; starts as in Hoffmann et al., appendix D.3. */
export const floor = (name = "E", symbol = "E"): Constant => ({
  name,
  symbol,
  meaning: "loss that remains with infinite N and D",
  lower: 1e-6,
  upper: 20,
  positive: true,
  linear: true,
  starts: [-1, -0.5, 0, 0.5, 1].map(Math.exp),
});

/** γ in exp(-P/γ): bits within which an effect falls to its e-th part. */
export const decay = (name: string, symbol: string, meaning: string): Constant => ({
  name,
  symbol,
  meaning,
  lower: 0.05,
  upper: 30,
  positive: true,
  linear: false,
  starts: [0.5, 1.5, 3],
});

/** n in exp(-P/γ + n). */
export const offset = (name: string, symbol: string, meaning: string): Constant => ({
  name,
  symbol,
  meaning,
  lower: -15,
  upper: 15,
  positive: false,
  linear: false,
  starts: [0, 2],
});

/** May be below zero: whether rounding costs more or less with more text and parameters is the question. */
export const freeExponent = (name: string, symbol: string, meaning: string): Constant => ({
  name,
  symbol,
  meaning,
  lower: -2,
  upper: 3,
  positive: false,
  linear: false,
  starts: [0.1, 0.5, 1],
});

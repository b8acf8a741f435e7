import type {RoundingMode} from "../src/formats/rounding.js";

export type RoundingGroup = "nearest" | "directed" | "stochastic";

export interface RoundingModeText {
  readonly mode: RoundingMode;
  readonly group: RoundingGroup;
  readonly title: string;
}

/** Every rounding mode of the library, as the page shows them. */
export const roundingModes: readonly RoundingModeText[] = [
  {mode: "nearest-even", group: "nearest", title: "ties to even"},
  {mode: "nearest-away", group: "nearest", title: "ties away from 0"},
  {mode: "nearest-zero", group: "nearest", title: "ties toward 0"},
  {mode: "nearest-odd", group: "nearest", title: "ties to odd"},
  {mode: "zero", group: "directed", title: "toward 0"},
  {mode: "away", group: "directed", title: "away from 0"},
  {mode: "up", group: "directed", title: "up, toward +∞"},
  {mode: "down", group: "directed", title: "down, toward −∞"},
  {mode: "odd", group: "directed", title: "to odd"},
  {mode: "stochastic", group: "stochastic", title: "in proportion"},
  {mode: "stochastic-a", group: "stochastic", title: "form A"},
  {mode: "stochastic-b", group: "stochastic", title: "form B"},
  {mode: "stochastic-c", group: "stochastic", title: "form C"},
  {mode: "stochastic-odd", group: "stochastic", title: "form C, ties to odd"},
  {mode: "stochastic-equal", group: "stochastic", title: "equal chances"},
];

/** Modes that use as many random bits as they can get, whatever number is chosen. */
export const usesAllBits = (mode: RoundingMode): boolean =>
  mode === "stochastic" || mode === "stochastic-equal";

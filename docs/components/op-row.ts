/** What one op writes on one pass, at one width: a row of `loaders/op-spreads.arrow`. Spreads are standard deviations. */
export interface OpRow {
  readonly op: string;
  /** `output`, `input gradient`, or the gradient of a parameter, such as `weight gradient`. */
  readonly pass: string;
  readonly width: number;
  /** Without any constant, measured and by theory. */
  readonly plain: number;
  readonly plain_theory: number;
  /** With the constants of unit scaling, measured and by theory. */
  readonly scaled: number;
  readonly scaled_theory: number;
}

/** The panels of the charts of ops: the same ops without and with the constants. */
export const opPanels = [
  {panel: "plain", title: "Without constants"},
  {panel: "scaled", title: "Unit scaling"},
] as const;

export type OpPanel = (typeof opPanels)[number]["panel"];

/** Measured spread and theory of a row in a panel. */
export const spreadIn = (row: OpRow, panel: OpPanel): {measured: number; theory: number} =>
  panel === "plain"
    ? {measured: row.plain, theory: row.plain_theory}
    : {measured: row.scaled, theory: row.scaled_theory};

/** How passes are drawn, as the tensors of the network are. */
export interface PassStyle {
  readonly direction: "forward" | "backward";
  readonly symbol: "circle" | "diamond";
  readonly isFilled: boolean;
  /** Place within the row of its op. */
  readonly line: -1 | 0 | 1;
}

export function passStyle(pass: string): PassStyle {
  if (pass === "output") return {direction: "forward", symbol: "circle", isFilled: true, line: -1};
  if (pass === "input gradient") return {direction: "backward", symbol: "circle", isFilled: true, line: 0};
  return {direction: "backward", symbol: "diamond", isFilled: false, line: 1};
}

/** What a scale of powers can show of a spread: its power, or that it is that of zeros, or beyond all numbers. */
export type SpreadKind = "zero" | "power" | "overflow";

export const spreadKind = (spread: number): SpreadKind =>
  spread === 0 ? "zero" : Number.isFinite(spread) ? "power" : "overflow";

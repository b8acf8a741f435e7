const units = ["", "k", "M", "B", "T", "Q"] as const;

/** A count with three digits, as papers write it: "7.6k", "220M", "1.5B" (10⁹), "27T" (10¹²). */
export function countText(count: number): string {
  if (!Number.isFinite(count)) return count > 0 ? "∞" : "none";
  const rounded = Number(count.toPrecision(3));
  const unit = Math.min(units.length - 1, Math.max(0, Math.floor(Math.log10(Math.max(rounded, 1)) / 3)));
  return `${Number((rounded / 1000 ** unit).toPrecision(3))}${units[unit]}`;
}

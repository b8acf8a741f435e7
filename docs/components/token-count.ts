const units = [
  {size: 1e15, name: "quadrillion", letter: "Q"},
  {size: 1e12, name: "trillion", letter: "T"},
  {size: 1e9, name: "billion", letter: "B"},
  {size: 1e6, name: "million", letter: "M"},
] as const;

/** A number of parameters or tokens for prose, to two digits: "5.3 billion", "131 thousand", "4,164". */
export function countText(count: number): string {
  const unit = units.find(({size}) => count >= 0.9995 * size);
  if (unit) return `${twoDigits(count / unit.size)} ${unit.name}`;
  return count >= 99_950 ? `${Math.round(count / 1e3)} thousand` : Math.round(count).toLocaleString("en");
}

/** The same for axes and controls: "5.3B", "131k", "4k". */
export function countLabel(count: number): string {
  const unit = units.find(({size}) => count >= 0.9995 * size);
  if (unit) return `${twoDigits(count / unit.size)}${unit.letter}`;
  return count >= 999.5 ? `${twoDigits(count / 1e3)}k` : twoDigits(count);
}

const twoDigits = (value: number): string =>
  value >= 100 ? Math.round(value).toLocaleString("en") : String(Number(value.toPrecision(2)));

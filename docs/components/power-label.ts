/** "2⁻¹²" for −12: powers of two (or another base) as text, for axes and prose. Fractions are rounded to the nearest integer. */
export function powerLabel(exponent: number, base = 2): string {
  const digits = String(Math.round(exponent));
  return `${base}${Array.from(digits, (character) => superscripts[character]).join("")}`;
}

const superscripts: Record<string, string> = {"-": "⁻"};
for (const [digit, superscript] of Array.from("⁰¹²³⁴⁵⁶⁷⁸⁹").entries()) superscripts[digit] = superscript;

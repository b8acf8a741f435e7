/** A ratio in decibels as text, without decimals that nobody reads. */
export function decibelText(decibels: number): string {
  if (decibels === Number.POSITIVE_INFINITY) return "no noise";
  if (decibels === Number.NEGATIVE_INFINITY) return "noise only";
  return `${decibels.toFixed(Math.abs(decibels) < 10 ? 1 : 0)} dB`.replace("-", "−");
}

/** A share from 0 to 1 as a percentage that rounds neither something to nothing nor nearly everything to everything. */
export function percentage(share: number): string {
  if (share === 0 || share === 1) return `${share * 100}%`;
  if (share < 0.0005) return "<0.1%";
  if (share >= 0.9995) return ">99.9%";
  return `${(share * 100).toFixed(share < 0.095 || share > 0.99 ? 1 : 0)}%`;
}

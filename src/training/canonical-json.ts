/** JSON with sorted keys and no spaces: equal values give equal text. */
export const canonicalJson = (value: unknown): string => JSON.stringify(sorted(value));

/** A copy whose keys are in the order of their code units; faster than a replacer, which is called for every value. */
function sorted(value: unknown): unknown {
  if (typeof value !== "object" || value === null) return value;
  if (Array.isArray(value)) return value.map(sorted);
  const entries = value as Record<string, unknown>;
  const copy: Record<string, unknown> = {};
  for (const key of Object.keys(entries).sort()) copy[key] = sorted(entries[key]);
  return copy;
}

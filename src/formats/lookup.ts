import {nearestName, usageError} from "../errors.js";

/**
 * The key of `table` that `name` means, whatever its case.
 * @param what what the table holds, in the singular, for the message
 * @throws a usage error that names the likely key and lists all
 */
export function lookUp<Key extends string>(
  what: string,
  table: Readonly<Record<Key, unknown>>,
  name: string,
): Key {
  const key = name.trim().toLowerCase();
  if (Object.hasOwn(table, key)) return key as Key;
  const known = Object.keys(table);
  const nearest = nearestName(key, known);
  const hint = nearest ? `did you mean ${nearest}? ` : "";
  throw usageError(`unknown ${what} "${name}": ${hint}known: ${known.join(", ")}`);
}

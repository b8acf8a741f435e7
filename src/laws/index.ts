import {nearestName, usageError} from "../errors.js";
import {chinchilla} from "./chinchilla.js";
import {floatingPoint} from "./floating-point.js";
import {growingCost} from "./growing-cost.js";
import type {Law} from "./law.js";
import {precision} from "./precision.js";

/** All laws, in the order of lists: a law is one file and one line here. */
export const allLaws: readonly Law[] = [chinchilla, precision, floatingPoint, growingCost];

export const laws: Readonly<Record<string, Law>> = Object.fromEntries(allLaws.map((law) => [law.name, law]));

export const lawNames: readonly string[] = Object.keys(laws);

/** @throws a usage error that names the nearest law */
export function lawOf(name: string): Law {
  if (Object.hasOwn(laws, name)) return laws[name];
  const near = nearestName(name, lawNames);
  throw usageError(
    `no law "${name}"${near ? `; did you mean ${near}?` : ""} (one of ${lawNames.join(", ")})`,
  );
}

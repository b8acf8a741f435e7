import {usageError} from "../errors.js";

/** The whole number that an option was given. @throws a usage error that names the option and what is allowed */
export function parseCount(option: string, text: string, least: number, most: number): number {
  const count = Number(text);
  if (/^\d+$/.test(text) && count >= least && count <= most) return count;
  throw usageError(`${option} ${text}: expected a whole number from ${least} to ${most}`);
}

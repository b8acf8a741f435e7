import {usageError} from "../errors.js";

/** More are not meant; a plan has at most as many runs. */
const mostNumbers = 100_000;

/**
 * The whole numbers from one to another where a value is written as a range: `1..4` is 1, 2, 3, 4. Any other value stays.
 * @throws a usage error that begins with `place`
 */
export function expandRange(value: unknown, key: string, place: string): unknown[] {
  const [, first, last] = (typeof value === "string" && /^(\d+)\.\.(\d+)$/.exec(value)) || [];
  if (first === undefined) return [value];
  const length = Number(last) - Number(first) + 1;
  if (length < 1) throw usageError(`${place}${key}: the range ${value} ends before it starts`);
  if (length > mostNumbers)
    throw usageError(
      `${place}${key}: the range ${value} has ${length} numbers; at most ${mostNumbers} are allowed`,
    );
  return Array.from({length}, (_, i) => Number(first) + i);
}

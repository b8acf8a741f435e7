import {usageError} from "../errors.js";

const powersOfThousand: Readonly<Record<string, number>> = {
  "": 1,
  k: 1e3,
  m: 1e6,
  g: 1e9,
  b: 1e9,
  t: 1e12,
  p: 1e15,
  z: 1e21,
  y: 1e24,
};

const bytePowers: Readonly<Record<string, number>> = {
  "": 1,
  b: 1,
  ...Object.fromEntries(
    [..."kmgtpe"].flatMap((letter, i) => [
      [`${letter}b`, 1000 ** (i + 1)],
      [`${letter}ib`, 1024 ** (i + 1)],
    ]),
  ),
};

const pattern = /^(\d+\.?\d*(?:e[+-]?\d+)?|\.\d+(?:e[+-]?\d+)?)\s*([a-z]*)$/;

/**
 * A number of parameters, tokens or operations as people write it: `7e9`, `7B`, `1.5 T`, `30M`, `1_000_000`. B is a
 * thousand million, as is G; P, Z and Y are 1e15, 1e21 and 1e24.
 *
 * @returns NaN where the text is no such number
 */
export const countOf = (text: string): number => scaled(text, powersOfThousand);

/** A size of memory in bytes: `80GB` in powers of a thousand, `8GiB` in powers of 1024. @returns NaN where it is none */
export const bytesOf = (text: string): number => scaled(text, bytePowers);

function scaled(text: string, units: Readonly<Record<string, number>>): number {
  const [, number, unit] =
    pattern.exec(
      text
        .trim()
        .toLowerCase()
        .replaceAll(/[_,](?=\d{3})/g, ""),
    ) ?? [];
  return number === undefined || !Object.hasOwn(units, unit) ? Number.NaN : Number(number) * units[unit];
}

/** @throws a usage error that names the option */
export function parseCountOf(option: string, text: string): number {
  const value = countOf(text);
  if (Number.isFinite(value) && value > 0) return value;
  throw usageError(`${option} ${text}: expected a positive number such as 7e9, 7B, 1.5T or 30M`);
}

/** @throws a usage error that names the option */
export function parseBytes(option: string, text: string): number {
  const value = bytesOf(text);
  if (Number.isFinite(value) && value > 0) return value;
  throw usageError(`${option} ${text}: expected a size such as 8GiB, 80GB or 16e9`);
}

/** `7B`, `1.5T`, `820k` or `3.2e21`: to some significant digits. */
export function countText(value: number, digits = 3): string {
  if (!Number.isFinite(value)) return value > 0 ? "∞" : "–";
  if (value >= 9.995e14 || (value < 0.001 && value > 0)) {
    return value
      .toExponential(digits - 1)
      .replace(/\.?0+e/, "e")
      .replace("e+", "e");
  }
  return withUnit(value, ["", "k", "M", "B", "T"], 1000, digits);
}

/** `16 GB` or `720 kB`: powers of a thousand, to some significant digits. */
export function bytesText(value: number, digits = 3): string {
  return withUnit(value, [" B", " kB", " MB", " GB", " TB", " PB", " EB"], 1000, digits);
}

function withUnit(value: number, units: readonly string[], base: number, digits: number): string {
  let [rest, unit] = [value, 0];
  while (Number(rest.toPrecision(digits)) >= base && unit < units.length - 1)
    [rest, unit] = [rest / base, unit + 1];
  return `${Number(rest.toPrecision(digits))}${units[unit]}`;
}

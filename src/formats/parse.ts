import {nearestName, usageError} from "../errors.js";
import {catalogue, float, floatCatalogue} from "./catalogue.js";
import type {FloatFormat, Format, Specials} from "./format.js";

const byName = new Map<string, Format>(
  catalogue.flatMap((format) => [format.name, ...format.aliases].map((name) => [name, format] as const)),
);

/** Up to this width all codes of an `eXmY` are finite, as in OCP FP6 and FP4; wider ones have the specials of IEEE 754. */
const finiteBits = 6;

/** Names that mean more than one format. */
const families = new Map([
  ["fp8", "e4m3fn or e5m2"],
  ["float8", "e4m3fn or e5m2"],
  ["fp6", "e3m2 or e2m3"],
  ["float6", "e3m2 or e2m3"],
]);

const allowed =
  "known are fp32, tf32, bf16, fp16, e5m2, e4m3fn, e4m3, e3m4, e3m2, e2m3, e2m1, int2 to int16, " +
  "and any eXmY with 1 to 8 exponent bits and 0 to 23 mantissa bits";

/**
 * The format of a name, whatever its case: one of the catalogue, an alias, or a generic `eXmY`.
 *
 * A generic name has a sign, X exponent bits with the bias of IEEE 754, Y mantissa bits and subnormals. Up to 6 bits in
 * all, every code is finite (and `fn` changes nothing). Wider ones have the infinities and NaN of IEEE 754, or with the
 * suffix `fn` no infinities and NaN at all ones only. Without mantissa bits infinity and NaN could not be told apart, so
 * those are always `fn`.
 *
 * @throws a usage error that says what is allowed and names the likely format
 */
export function parseFormat(name: string): Format {
  const key = name.trim().toLowerCase();
  return byName.get(key) ?? parseGeneric(key) ?? unknown(name, key);
}

function parseGeneric(key: string): Format | undefined {
  const match = /^e(\d+)m(\d+)(fn)?$/.exec(key);
  if (!match) return undefined;
  const exponentBits = Number(match[1]);
  const mantissaBits = Number(match[2]);
  checkGeneric(key, exponentBits, mantissaBits, match[3] ?? "");
  const isAllFinite = 1 + exponentBits + mantissaBits <= finiteBits;
  const isFn = match[3] !== undefined || mantissaBits === 0;
  const specials: Specials = isAllFinite ? "none" : isFn ? "fn" : "ieee";
  const name = `e${exponentBits}m${mantissaBits}${specials === "fn" ? "fn" : ""}`;
  const generic = float(exponentBits, mantissaBits, specials, name);
  return floatCatalogue.find((format) => isSameFloat(format, generic)) ?? generic;
}

function checkGeneric(key: string, exponentBits: number, mantissaBits: number, suffix: string): void {
  const allowedExponentBits = Math.min(Math.max(exponentBits, 1), 8);
  const allowedMantissaBits = Math.min(mantissaBits, 23);
  if (exponentBits !== allowedExponentBits || mantissaBits !== allowedMantissaBits) {
    throw usageError(
      `impossible format "${key}": eXmY has 1 to 8 exponent bits and 0 to 23 mantissa bits; ` +
        `the nearest is e${allowedExponentBits}m${allowedMantissaBits}${suffix}`,
    );
  }
  if (exponentBits === 8 && mantissaBits === 0) {
    throw usageError(
      `"${key}" names a type for scales, without sign and zero; formats start at e8m1 and e7m0`,
    );
  }
  if (exponentBits === 8 && suffix) {
    throw usageError(
      `impossible format "${key}": it reaches beyond float32; the nearest is e8m${mantissaBits}`,
    );
  }
}

function isSameFloat(a: FloatFormat, b: FloatFormat): boolean {
  return a.exponentBits === b.exponentBits && a.mantissaBits === b.mantissaBits && a.specials === b.specials;
}

function unknown(name: string, key: string): never {
  const bits = /^int(\d+)$/.exec(key)?.[1];
  if (bits) {
    const nearest = Math.min(Math.max(Number(bits), 2), 16);
    throw usageError(`impossible format "${name}": integers have 2 to 16 bits; the nearest is int${nearest}`);
  }
  const nearest = families.get(key) ?? nearestName(key, [...byName.keys()]);
  const hint = nearest ? `did you mean ${nearest}? ` : "";
  throw usageError(`unknown format "${name}": ${hint}${allowed}`);
}

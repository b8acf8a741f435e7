import {nearestName, usageError} from "../errors.js";
import {
  catalogue,
  fixedPoint,
  float,
  floatCatalogue,
  integerCatalogue,
  scaleCatalogue,
  usualBias,
} from "./catalogue.js";
import {codeBits, largestCode} from "./decode.js";
import type {FloatFormat, Format, IntegerFormat, Specials} from "./format.js";
import {parseP3109} from "./p3109.js";

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
  ["p3109", "binary8p3se or binary8p4se"],
]);

const allowed =
  "known are fp64, fp32, tf32, bf16, fp16, e5m6, e5m2, e4m3fn, e4m3, e3m4, e3m2, e2m3, e2m1, e4m3fnuz, e5m2fnuz, " +
  "e4m3b11fnuz, e8m0, ue4m3, ue5m3, pow2, int2 to int16, uint2 to uint16, mxint8, fixed8.4, nf4, dynamic8, " +
  "udynamic8, P3109's binary8p3se, and any eXmY with 1 to 8 exponent bits and 0 to 23 mantissa bits";

/**
 * The format of a name, whatever its case: one of the catalogue, an alias, or one of these patterns.
 *
 * - `[u]eXmY[bBIAS][SPECIALS][-nosub]`: X exponent bits, Y mantissa bits; unsigned with `u`; the bias of IEEE 754 where
 *   none is given; `-nosub` makes exponent field 0 one more normal binade. SPECIALS says what the top codes mean:
 *   `ieee`, `fn`, `fnuz`, `none`, `extended`, `finite` as in `Specials`. Without it, up to 6 bits in all, every code is
 *   finite; wider formats have the infinities and NaN of IEEE 754, or if they are unsigned or without mantissa bits,
 *   where infinity and NaN could not be told apart, those of `fn`. As in ml_dtypes' names `fn` means `none` up to 6
 *   bits; `nan` is NaN at all ones for any width. X = 0 needs a bias: a uniform grid of step 2^(1 - BIAS - Y).
 * - `binary{K}p{p}[s|u][e|f]`, see `p3109`
 * - `intN`, `uintN`, `fixedN.F`, `ufixedN.F` with N bits, F of them after the point; with `sym` the most negative code is
 *   not used
 *
 * @throws a usage error that says what is allowed and names the likely format
 */
export function parseFormat(name: string): Format {
  const key = name.trim().toLowerCase();
  return (
    byName.get(key) ?? parseGeneric(key) ?? parseP3109(key) ?? parseFixedPoint(key) ?? unknown(name, key)
  );
}

function parseGeneric(key: string): FloatFormat | undefined {
  const match = /^(u?)e(\d+)m(\d+)(?:b(-?\d+))?(ieee|fnuz|fn|none|nan|extended|finite)?(-nosub)?$/.exec(key);
  if (!match) return undefined;
  const [, unsigned, exponents, mantissas, biasText, suffix, noSubnormals] = match;
  const [exponentBits, mantissaBits] = [Number(exponents), Number(mantissas)];
  checkWidths(key, exponentBits, mantissaBits, {isBiased: biasText !== undefined, suffix: suffix ?? ""});
  const signed = unsigned === "";
  const bits = exponentBits + mantissaBits + (signed ? 1 : 0);
  const specials = specialsOf(suffix, {bits, signed, exponentBits, mantissaBits});
  const bias = biasText === undefined ? usualBias(exponentBits, specials) : Number(biasText);
  const subnormals = noSubnormals === undefined;
  const generic = float("", {signed, exponentBits, mantissaBits, specials, bias, subnormals});
  const format = {...generic, name: genericName(generic)};
  checkCodes(key, format);
  return [...floatCatalogue, ...scaleCatalogue].find((known) => isSameFloat(known, format)) ?? format;
}

function specialsOf(
  suffix: string | undefined,
  shape: {bits: number; signed: boolean; exponentBits: number; mantissaBits: number},
): Specials {
  if (suffix === "nan") return "fn";
  if (suffix === "fn") return shape.bits <= finiteBits ? "none" : "fn";
  return (suffix as Specials | undefined) ?? usualSpecials(shape);
}

function usualSpecials({
  bits,
  signed,
  exponentBits,
  mantissaBits,
}: {
  bits: number;
  signed: boolean;
  exponentBits: number;
  mantissaBits: number;
}): Specials {
  if (bits <= finiteBits || exponentBits === 0) return "none";
  return mantissaBits === 0 || !signed ? "fn" : "ieee";
}

function genericName(format: FloatFormat): string {
  const {signed, exponentBits, mantissaBits, bias, specials, subnormals} = format;
  const bits = codeBits(format);
  const isUsualBias = exponentBits > 0 && bias === usualBias(exponentBits, specials);
  const isUsual = specials === usualSpecials({bits, signed, exponentBits, mantissaBits}) && mantissaBits > 0;
  const isSmallNan = specials === "fn" && bits <= finiteBits;
  const suffix = isUsual || (specials === "none" && bits <= finiteBits) ? "" : isSmallNan ? "nan" : specials;
  return (
    `${signed ? "" : "u"}e${exponentBits}m${mantissaBits}` +
    `${isUsualBias ? "" : `b${bias}`}${suffix}${subnormals ? "" : "-nosub"}`
  );
}

function checkWidths(
  key: string,
  exponentBits: number,
  mantissaBits: number,
  {isBiased, suffix}: {isBiased: boolean; suffix: string},
): void {
  const smallestExponentBits = isBiased && mantissaBits > 0 ? 0 : 1;
  const allowedExponentBits = Math.min(Math.max(exponentBits, smallestExponentBits), 8);
  const allowedMantissaBits = Math.min(mantissaBits, 23);
  if (exponentBits === 0 && mantissaBits > 0 && mantissaBits <= 23 && !isBiased) {
    throw usageError(
      `"${key}" has no exponent and needs a bias: e0m${mantissaBits}b1 has the step 2^-${mantissaBits}`,
    );
  }
  if (exponentBits !== allowedExponentBits || mantissaBits !== allowedMantissaBits) {
    throw usageError(
      `impossible format "${key}": eXmY has 1 to 8 exponent bits and 0 to 23 mantissa bits; ` +
        `the nearest is e${allowedExponentBits}m${allowedMantissaBits}${suffix}`,
    );
  }
}

function checkCodes(key: string, format: FloatFormat): void {
  const {signed, exponentBits, mantissaBits, bias, specials} = format;
  if (!signed && specials === "fnuz") {
    throw usageError(
      `impossible format "${key}": without a sign there is no -0 to be NaN; take fn or finite`,
    );
  }
  if (exponentBits === 0 && specials === "ieee") {
    throw usageError(`impossible format "${key}": infinities of IEEE 754 need an exponent`);
  }
  if (largestCode(format) < 1) {
    throw usageError(`impossible format "${key}": its codes leave no value but zero`);
  }
  const [lowestBias, highestBias] = [(1 << exponentBits) - 1024, 1074 - mantissaBits];
  if (bias < lowestBias || bias > highestBias) {
    throw usageError(
      `impossible format "${key}": within double precision its bias is from ${lowestBias} to ${highestBias}`,
    );
  }
}

function isSameFloat(a: FloatFormat, b: FloatFormat): boolean {
  const keys = ["signed", "exponentBits", "mantissaBits", "bias", "specials", "zero", "subnormals"] as const;
  return keys.every((key) => a[key] === b[key]);
}

function parseFixedPoint(key: string): IntegerFormat | undefined {
  const match = /^(u?)(?:int(\d+)|fixed(\d+)\.(\d+))(sym)?$/.exec(key);
  if (!match) return undefined;
  const [, unsigned, integerBits, fixedBits, fraction = "0", sym] = match;
  const bits = Number(integerBits ?? fixedBits);
  const fractionBits = Number(fraction);
  const signed = unsigned === "";
  const symmetric = sym !== undefined;
  const allowedBits = Math.min(Math.max(bits, 2), 16);
  if (bits !== allowedBits || fractionBits > 32) {
    const stem = integerBits === undefined ? `${unsigned}fixed` : `${unsigned}int`;
    const point = integerBits === undefined ? `.${Math.min(fractionBits, 32)}` : "";
    throw usageError(
      `impossible format "${key}": integers have 2 to 16 bits${point && ", at most 32 after the point"}; ` +
        `the nearest is ${stem}${allowedBits}${point}`,
    );
  }
  if (symmetric && !signed)
    throw usageError(`impossible format "${key}": without a sign nothing is symmetric`);
  const format = fixedPoint(key, {bits, fractionBits, signed, symmetric});
  return integerCatalogue.find((known) => isSameInteger(known, format)) ?? format;
}

function isSameInteger(a: IntegerFormat, b: IntegerFormat): boolean {
  const keys = ["bits", "fractionBits", "signed", "symmetric"] as const;
  return keys.every((key) => a[key] === b[key]);
}

function unknown(name: string, key: string): never {
  const nearest = families.get(key) ?? nearestName(key, [...byName.keys()]);
  const hint = nearest ? `did you mean ${nearest}? ` : "";
  throw usageError(`unknown format "${name}": ${hint}${allowed}`);
}

import {usageError} from "../../errors.js";
import type {Format} from "../../formats/format.js";
import {
  type MatrixUnit,
  type PlainUnitName,
  parseUnit,
  type ResolvedUnit,
  resolveUnit,
} from "./matrix-units.js";

/** What multiplies two operands. Plain data. */
export interface ProductUnit {
  /** What `parseProductUnit` makes it from. */
  readonly text: string;
  readonly unit: MatrixUnit | PlainUnitName;
  /** Products after which the sum is added to a float32 accumulator outside, 0 for never; else as the unit has it. */
  readonly promotion: number | undefined;
}

/**
 * A matrix unit by name, or `fp32` or `exact`, and then maybe `promotion=128`, for example `h100-wgmma promotion=128`.
 * @throws a usage error that names the word
 */
export function parseProductUnit(text: string): ProductUnit {
  const [name, ...options] = text.trim().toLowerCase().split(/\s+/);
  const unit = parseUnit(name);
  let promotion: number | undefined;
  for (const option of options) {
    const digits = /^promotion=(\d+)$/.exec(option)?.[1];
    if (digits === undefined)
      throw usageError(`unknown word "${option}" after ${name}: known is promotion=128`);
    promotion = Number(digits);
  }
  if (unit === "exact" && promotion) throw usageError("an exact sum has no promotion");
  return {text: [name, ...options].join(" "), unit, promotion};
}

/** Whether the product is that of float32 values, added up in float32 in order. */
export const isPlainProduct = ({unit, promotion}: ProductUnit): boolean => unit === "fp32" && !promotion;

/** Whether the product takes elements and their scales apart, not values. */
export const takesElements = (product: ProductUnit): boolean =>
  product.unit !== "exact" && !isPlainProduct(product);

/**
 * The arithmetic of a unit for elements of given formats; undefined for float32.
 * @throws a usage error that lists what the unit takes
 */
export function resolveProduct(
  {unit, promotion}: ProductUnit,
  {a, b}: {a: Format; b: Format},
): ResolvedUnit["arithmetic"] | undefined {
  if (typeof unit === "string") return undefined;
  return resolveUnit(unit, {a: unitType(a), b: unitType(b), promotion}).arithmetic;
}

/** The name that units have for a format. */
const unitType = ({name}: Format): string => (name === "e4m3fn" ? "e4m3" : name);

import {aboutSetting} from "../errors.js";
import type {Address} from "../kernels/kernels.js";
import {precisions} from "../kernels/reference/precision.js";
import {
  isPlainProduct,
  type ProductUnit,
  resolveProduct,
  takesElements,
} from "../precision/units/product-unit.js";
import {multiplyScaled, type ScaledOperand, scaledProductScratch} from "../precision/units/scaled-product.js";
import {type LinearGemm, type LinearShape, linearGemms, multiplyPlainly} from "./linear-products.js";
import type {Operand} from "./operand.js";
import type {LinearProduct, ProgramBuilder} from "./program.js";
import {type LinearRecipe, unitKeys} from "./recipe.js";

/**
 * Adds the step of C = factor · op(A) op(B), a product of a linear layer, multiplied as the recipe's unit does.
 * @param count elements of C
 * @throws a usage error where the unit does not take the formats of the operands
 */
export function addProduct(
  builder: ProgramBuilder,
  {recipe, product, shape}: {recipe: LinearRecipe; product: LinearProduct; shape: LinearShape},
  {a, b, c, count, factor}: {a: Operand; b: Operand; c: Address; count: number; factor: number},
): void {
  const {kernels} = builder;
  const unit = recipe[unitKeys[product]];
  const gemms = linearGemms(product, shape);
  if (isPlainProduct(unit)) {
    builder.step(() => multiplyPlainly(kernels, gemms, [a.address, b.address, c], factor));
  } else if (takesElements(unit)) {
    aboutSetting(unitKeys[product], () => addScaledProduct(builder, unit, gemms, {a, b, c, factor}));
  } else {
    builder.step(() => {
      for (const gemm of gemms) multiplyExactly(builder, gemm, [a.address, b.address, c]);
      kernels.scale(c, factor, c, count);
    });
  }
}

function addScaledProduct(
  builder: ProgramBuilder,
  unit: ProductUnit,
  gemms: readonly LinearGemm[],
  {a, b, c, factor}: {a: Operand; b: Operand; c: Address; factor: number},
): void {
  const {kernels} = builder;
  const arithmetic = resolveProduct(unit, {a: a.format, b: b.format});
  const sums = {arithmetic, promotion: arithmetic ? 0 : (unit.promotion ?? 0)};
  const products = gemms.map((gemm, group) => ({
    ...{m: gemm.m, n: gemm.n, k: gemm.k, factor, c: c + 4 * gemm.c.column, ldc: gemm.c.stride},
    a: ofGroup(a, gemm.a, group),
    b: ofGroup(b, gemm.b, group),
  }));
  const scratchSize = Math.max(...gemms.map((gemm) => scaledProductScratch(kernels, sums, gemm)));
  const scratch = builder.acquireScratch(scratchSize);
  builder.step(() => {
    for (const product of products) multiplyScaled(kernels, sums, product, scratch);
  });
  builder.releaseScratch(scratch, scratchSize);
}

function ofGroup({matrices}: Operand, {column, isTransposed}: LinearGemm["a"], group: number): ScaledOperand {
  const [matrix, ...others] = matrices!;
  if (others.length === 0) return {matrix, row: 0, column, isTransposed};
  return {matrix: matrices![group], row: 0, column: 0, isTransposed};
}

/** Each element of C is the exact sum, rounded once to float32. */
function multiplyExactly(
  {kernels}: ProgramBuilder,
  {m, n, k, a, b, c}: LinearGemm,
  [aAddress, bAddress, cAddress]: readonly [a: Address, b: Address, c: Address],
): void {
  const {significantBits, lastExponent, largest} = precisions.fp32;
  kernels.exactGemm(
    ...([a.isTransposed ? 1 : 0, b.isTransposed ? 1 : 0, m, n, k] as const),
    ...([aAddress + 4 * a.column, a.stride, bAddress + 4 * b.column, b.stride] as const),
    ...([cAddress + 4 * c.column, c.stride, 0, significantBits, lastExponent, largest] as const),
  );
}

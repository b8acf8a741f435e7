import type {Recipe} from "../src/nn/recipe.js";
import {leavesAsIs} from "../src/precision/parse-cast.js";
import {accessibleSvg} from "./accessible-svg.js";
import {type CastText, castText} from "./cast-text.js";
import {chartFont} from "./chart-font.js";
import {type Palette, pagePalette} from "./palette.js";
import {type Product, type ProductOperand, recipeProducts} from "./recipe-products.js";
import {recipeTitle} from "./recipe-styles.js";
import {svgMaker} from "./svg-maker.js";

export interface RecipePictureOptions {
  /** In pixels. */
  readonly width?: number;
  readonly palette?: Palette;
  readonly document?: Document;
}

/** Values along each side of a matrix of the picture. */
const side = 256;
/** Blocks of one row are drawn as if they were higher. */
const leastBlockHeight = 3.5;

// Pixels from the top of a product.
const titleY = 16;
const placeY = 42;
const matrixY = 52;
const lineHeight = 16;
const textLines = 4;

/** Below this width the products stand below each other. */
const narrow = 820;
const productGap = 44;
const signWidth = 22;
const largestSquare = 100;

type Make = ReturnType<typeof svgMaker>;

/** What the parts of the picture share. */
interface Drawing {
  readonly make: Make;
  readonly palette: Palette;
  /** Pixels along each side of a matrix. */
  readonly square: number;
}

/**
 * A recipe as a picture: the three products of a linear layer, with the format of every operand, and the blocks that
 * share a scale drawn into it.
 */
export function recipePicture(
  recipe: Recipe,
  {width = 960, palette = pagePalette, document = globalThis.document}: RecipePictureOptions = {},
): SVGSVGElement {
  const make = svgMaker(document);
  const products = recipeProducts(recipe);
  const isStacked = width < narrow;
  const productWidth = isStacked ? width : (width - 2 * productGap) / 3;
  const square = Math.min(largestSquare, Math.floor((productWidth - 2 * signWidth) / 3));
  const productHeight = matrixY + square + textLines * lineHeight + (isStacked ? 26 : 8);
  const height = productHeight * (isStacked ? 3 : 1);
  const drawing = {make, palette, square};
  const chart = make(
    "svg",
    {
      width,
      height,
      viewBox: `0 0 ${width} ${height}`,
      "font-family": chartFont,
      "font-size": 11,
      fill: palette.ink,
    },
    ...products.map((product, i) => {
      const [x, y] = isStacked ? [0, i * productHeight] : [i * (productWidth + productGap), 0];
      return make("g", {transform: `translate(${x} ${y})`}, ...productParts(product, drawing));
    }),
  );
  return accessibleSvg(chart, pictureText(recipe, products));
}

/** The picture in words. */
function pictureText(recipe: Recipe, products: readonly Product[]): string {
  const words = (operand: ProductOperand) => {
    const {format, scale, extras} = operandText(operand);
    return `${operand.place} ${operand.symbol} in ${[format, scale, ...extras].join(", ")}`;
  };
  const texts = products.map(({title, left, right}) => `${title}: ${words(left)}; ${words(right)}.`);
  return `The recipe ${recipeTitle(recipe.name)}. ${texts.join(" ")}`;
}

/** What stands below an operand. */
function operandText({cast, isReused, along}: ProductOperand): CastText {
  const text = castText(cast, along);
  return isReused && !leavesAsIs(cast) ? {...text, extras: ["as forward"]} : text;
}

function productParts({title, left, right, result}: Product, drawing: Drawing): SVGElement[] {
  const {make, palette, square} = drawing;
  const pitch = square + signWidth;
  const sign = (text: string, i: number) =>
    make(
      "text",
      {x: i * pitch - signWidth / 2, y: matrixY + square / 2 + 5, "text-anchor": "middle", "font-size": 16},
      text,
    );
  return [
    make("text", {x: 0, y: titleY, "font-size": 14, "font-weight": 700}, title),
    ...operandParts(left, {...drawing, x: 0}),
    sign("×", 1),
    ...operandParts(right, {...drawing, x: pitch}),
    sign("=", 2),
    make("text", {x: 2 * pitch, y: placeY, "font-size": 13, "font-style": "italic"}, result),
    make("rect", {
      x: 2 * pitch + 0.5,
      y: matrixY + 0.5,
      width: square - 1,
      height: square - 1,
      fill: "none",
      stroke: palette.rule,
    }),
    make("text", {x: 2 * pitch, y: matrixY + square + lineHeight, "font-weight": 600}, "FP32"),
    make("text", {x: 2 * pitch, y: matrixY + square + 2 * lineHeight, fill: palette.muted}, "sums"),
  ];
}

/** A matrix with its name above and its cast below. */
function operandParts(
  operand: ProductOperand,
  {make, palette, square, x}: Drawing & {readonly x: number},
): SVGElement[] {
  const {place, symbol, direction, cast} = operand;
  const color = palette[direction];
  const isCast = !leavesAsIs(cast);
  const {format, scale, extras} = operandText(operand);
  const hasScale = isCast && !(cast.scaling.kind === "constant" && cast.scaling.scale === 1);
  const line = (n: number) => matrixY + square + n * lineHeight;
  return [
    make("text", {x, y: placeY, fill: palette.muted}, place),
    make(
      "text",
      {x: x + 22, y: placeY, fill: color, "font-size": 13, "font-style": "italic", "font-weight": 600},
      symbol,
    ),
    make("rect", {
      x,
      y: matrixY,
      width: square,
      height: square,
      fill: color,
      "fill-opacity": isCast ? 0.16 : 0,
    }),
    blockLines(operand, {make, palette, square, x}),
    make("rect", {
      x: x + 0.75,
      y: matrixY + 0.75,
      width: square - 1.5,
      height: square - 1.5,
      fill: "none",
      stroke: hasScale ? palette.scale : palette.rule,
      "stroke-width": hasScale ? 1.5 : 1,
      "stroke-dasharray": cast.scaling.kind === "delayed" ? "4 3" : undefined,
    }),
    make("text", {x, y: line(1), "font-weight": 600, fill: isCast ? palette.ink : palette.muted}, format),
    make("text", {x, y: line(2), fill: hasScale ? palette.scale : palette.muted}, scale),
    ...extras.map((extra, i) => make("text", {x, y: line(3 + i), fill: palette.chance}, extra)),
  ];
}

/** The edges between blocks. */
function blockLines(
  {cast: {scaling}, along}: ProductOperand,
  {make, palette, square, x}: Drawing & {readonly x: number},
): SVGElement {
  if (scaling.kind !== "blocks") return make("g");
  const {blockRows, blockColumns} = scaling.quantizer.scaling;
  const pixels = (count: number | "all", least: number) =>
    count === "all" ? square : Math.max(least, (square * count) / side);
  const ends = edges(square, pixels(blockColumns, 0));
  const sides = edges(square, pixels(blockRows, leastBlockHeight));
  const [vertical, horizontal] = along === "rows" ? [ends, sides] : [sides, ends];
  const path = [
    ...vertical.map((dx) => `M${x + dx} ${matrixY}v${square}`),
    ...horizontal.map((dy) => `M${x} ${matrixY + dy}h${square}`),
  ];
  return make("path", {d: path.join(""), stroke: palette.scale, "stroke-width": 0.6, "stroke-opacity": 0.8});
}

/** Multiples of a step between 0 and the end, without both. */
function edges(end: number, step: number): number[] {
  const places = [];
  for (let i = 1; i * step < end - 0.5; i++) places.push(Math.round(i * step * 10) / 10);
  return places;
}

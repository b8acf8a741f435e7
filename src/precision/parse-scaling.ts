import {nearestName, usageError} from "../errors.js";
import {makeScaling, type Scaling} from "./scaling.js";

type Parts = Partial<Scaling>;

/** What stands first, besides `block:RxC`. */
const bases: Readonly<Record<string, Parts>> = {
  tensor: {blockRows: "all", blockColumns: "all"},
  row: {blockRows: 1, blockColumns: "all"},
  column: {blockRows: "all", blockColumns: 1},
  mx: {blockRows: 1, blockColumns: 32, scaleFormat: "e8m0"},
  nvfp4: {blockRows: 1, blockColumns: 16, scaleFormat: "e4m3", rule: "two-level"},
};

const scaleFormats: Readonly<Record<string, Parts>> = {
  fp32: {scaleFormat: "fp32"},
  pow2: {scaleFormat: "pow2"},
  e8m0: {scaleFormat: "e8m0"},
  e4m3: {scaleFormat: "e4m3"},
  ue4m3: {scaleFormat: "e4m3"},
  e5m3: {scaleFormat: "e5m3"},
  ue5m3: {scaleFormat: "e5m3"},
};

const rules: Readonly<Record<string, Parts>> = {
  floor: {rule: "floor"},
  ceil: {rule: "ceil"},
  rceil: {rule: "rceil"},
  even: {rule: "even"},
  midmax: {rule: "midmax"},
  encode: {rule: "encode"},
  divide: {rule: "divide"},
  reciprocal: {rule: "reciprocal"},
  single: {rule: "rounded", leastScale: "normal", outer: "none"},
  "two-level": {rule: "two-level", outer: "tensor"},
};

/** Further words, some of which depend on what stands before them. */
const variants: Readonly<Record<string, (parts: Parts) => Parts>> = {
  torchao: ({scaleFormat}) =>
    isNarrow(scaleFormat)
      ? {rule: "two-level-torchao", outer: "tensor", leastScale: "normal"}
      : {infiniteBlock: "nan", tiniestBlock: "scaled"},
  "transformer-engine": ({scaleFormat}) =>
    isNarrow(scaleFormat)
      ? {rule: "two-level", leastScale: "zero"}
      : {rule: "rceil", infiniteBlock: "largest", tiniestBlock: "kept"},
  gfloat: () => ({rule: "floor", infiniteBlock: "largest"}),
  microxcaling: () => ({rule: "floor", infiniteBlock: "nan"}),
  "row-outer": () => ({outer: "row"}),
  "2d": () => ({blockRows: 16, blockColumns: 16}),
  transposed: ({blockRows, blockColumns}) => ({blockRows: blockColumns, blockColumns: blockRows}),
  "four-over-six": () => ({fourOverSix: "absolute", bound: 256}),
  "four-over-six-mse": () => ({fourOverSix: "squared", bound: 256}),
};

const numbers: Readonly<Record<string, (value: number) => Parts>> = {
  bound: (bound) => ({bound}),
  epsilon: (epsilon) => ({epsilon}),
  prescale: (prescale) => ({prescale}),
};

const isNarrow = (scaleFormat: Scaling["scaleFormat"] | undefined): boolean =>
  scaleFormat === "e4m3" || scaleFormat === "e5m3";

/** The words of `parseScaling`, for help. */
export const scalingWords = {
  bases: ["tensor", "row", "column", "block:RxC", "mx", "nvfp4"],
  scaleFormats: ["fp32", "pow2", "e8m0", "e4m3", "e5m3"],
  rules: Object.keys(rules),
  variants: [...Object.keys(variants), ...Object.keys(numbers).map((name) => `${name}=X`)],
} as const;

/**
 * A scaling from text: what the blocks are, then after commas the scale format, the rule, and variants, for example
 * `row`, `block:1x128,pow2`, `mx,rceil`, `mx,prescale=0.75`, `nvfp4,2d` or `tensor,fp32,epsilon=1e-4`.
 *
 * @throws a usage error that names the word, and the nearest one or all that are allowed
 */
export function parseScaling(text: string): Scaling {
  const [first, ...rest] = text
    .trim()
    .toLowerCase()
    .split(",")
    .map((word) => word.trim());
  let parts = parseBase(first, text);
  for (const word of rest) parts = {...parts, ...parseWord(word, parts)};
  return makeScaling(parts);
}

function parseBase(word: string, text: string): Parts {
  if (Object.hasOwn(bases, word)) return bases[word];
  const block = /^block:(\d+|all)x(\d+|all)$/.exec(word);
  if (block) {
    const [blockRows, blockColumns] = block.slice(1).map((size) => (size === "all" ? size : Number(size)));
    return {blockRows, blockColumns};
  }
  throw usageError(
    `unknown scaling "${text}": ${hint(word, [...Object.keys(bases), "block:1x32"])}` +
      `known are a number, ${scalingWords.bases.join(", ")}, with options after commas`,
  );
}

function parseWord(word: string, parts: Parts): Parts {
  if (Object.hasOwn(scaleFormats, word)) return withoutRuleOfOthers(scaleFormats[word], parts);
  if (Object.hasOwn(rules, word)) return rules[word];
  if (Object.hasOwn(variants, word)) return variants[word](parts);
  const [name, value] = word.split("=");
  if (value !== undefined && Object.hasOwn(numbers, name)) {
    const number = value === "" ? Number.NaN : Number(value);
    if (Number.isNaN(number)) throw usageError(`${name} is a number, not "${value}"`);
    return numbers[name](number);
  }
  const known = [
    ...scalingWords.scaleFormats,
    ...scalingWords.rules,
    ...Object.keys(variants),
    "bound=448",
    "epsilon=1e-4",
    "prescale=0.75",
  ];
  throw usageError(
    `unknown option "${word}" of a scaling: ${hint(word, known)}known are ${known.join(", ")}`,
  );
}

/** Another scale format starts from its own default rule. */
const withoutRuleOfOthers = (chosen: Parts, parts: Parts): Parts =>
  chosen.scaleFormat === parts.scaleFormat ? chosen : {...chosen, rule: undefined, outer: undefined};

function hint(word: string, known: readonly string[]): string {
  const nearest = nearestName(word, known);
  return nearest ? `did you mean ${nearest}? ` : "";
}

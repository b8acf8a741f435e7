import type {Command} from "commander";
import {catalogue} from "../../formats/catalogue.js";
import {codeBits, valueTable} from "../../formats/decode.js";
import {type FormatProperties, formatProperties} from "../../formats/derived.js";
import type {Format, IntegerFormat} from "../../formats/format.js";
import {parseFormat} from "../../formats/parse.js";
import {type Preset, presets} from "../../formats/preset.js";
import {roundingMeanings} from "../../formats/rounding.js";
import {type BlockFormat, blockFormats, findBlockFormat, scalingOf} from "../../precision/block-format.js";
import {scalingWords} from "../../precision/parse-scaling.js";
import {matrixUnits, plainUnits} from "../../precision/units/matrix-units.js";
import {alignColumns, exactNumber, jsonNumber, shortNumber} from "../text.js";

interface FormatsOptions {
  json?: true;
}

/** Widest format whose values are all printed. */
const printedTableBits = 8;
const tableColumns = 8;

export function register(program: Command): void {
  program
    .command("formats")
    .summary("list the number formats, or describe one")
    .description(
      "Without NAME lists the catalogue. With NAME, one of it, an alias, or any eXmY such as e5m6, describes that " +
        "format; up to 8 bits with all its values. So it does for formats with scales of their own, such as mxfp4. " +
        "With --json the list also has what else the command line names: block formats, rounding modes, policies, " +
        "scalings and matrix units, told apart by `kind`.",
    )
    .argument("[NAME]", "format to describe")
    .option("--json", "machine-readable; infinities, NaN and -0 are strings")
    .action((name: string | undefined, {json}: FormatsOptions) => {
      process.stdout.write(`${name === undefined ? listing(json) : descriptionOf(name, json)}\n`);
    });
}

function listing(json?: true): string {
  if (json) return JSON.stringify(vocabulary(), null, 2);
  const head = [
    "name",
    "bits",
    "layout",
    "bias",
    "specials",
    "largest",
    "min normal",
    "min subnormal",
    "epsilon",
    "aliases",
  ];
  const rows = catalogue.map((format) => {
    const {bits, largest, smallestNormal, smallestSubnormal, epsilon} = formatProperties(format);
    const isFloat = format.kind === "float";
    return [
      format.name,
      String(bits),
      isFloat ? `${format.signed ? "" : "u"}e${format.exponentBits}m${format.mantissaBits}` : format.kind,
      isFloat ? String(format.bias) : "-",
      isFloat ? format.specials : "-",
      ...[largest, smallestNormal, smallestSubnormal, epsilon].map(shortNumber),
      format.aliases.join(", "),
    ];
  });
  return alignColumns([head, ...rows], {right: [1, 3, 5, 6, 7, 8]});
}

/** Formats, and after them everything else that options of the command line name. */
function vocabulary(): object[] {
  return [
    ...catalogue.map(record),
    ...blockFormats.map(blockRecord),
    ...Object.entries(roundingMeanings).map(([name, meaning]) => ({kind: "rounding", name, meaning})),
    ...Object.entries<Preset>(presets).map(([name, {names, ...preset}]) => ({
      ...{kind: "policy", name, ...preset},
      ...(typeof names === "object" && {names}),
    })),
    ...scalingWords.bases.map((name) => ({kind: "scaling", name})),
    ...matrixUnits.map(({name, aliases, gpus, instruction}) => ({
      kind: "unit",
      name,
      aliases,
      gpus,
      instruction,
    })),
    ...Object.entries(plainUnits).map(([name, meaning]) => ({kind: "unit", name, aliases: [], meaning})),
  ];
}

function descriptionOf(name: string, json?: true): string {
  const block = findBlockFormat(name);
  // Where elements have the name of the block format as well, they are what is described.
  return block && block.element !== block.name
    ? blockDescription(block, json)
    : description(parseFormat(name), json);
}

/** A format with scales of its own: what is scaled how, then its elements. */
function blockDescription(block: BlockFormat, json?: true): string {
  const element = parseFormat(block.element);
  if (json) return JSON.stringify({...blockRecord(block), element: record(element)}, null, 2);
  const {blockRows, blockColumns, scaleFormat, rule, outer} = scalingOf(block);
  const outerScale = outer === "none" ? "" : `, and one in fp32 for the ${outer}`;
  const facts = [
    ["name", [block.name, ...block.aliases].join(", ")],
    ["elements", block.element],
    ["scales", `${scaleFormat} for every ${blockRows} by ${blockColumns} values, rule ${rule}${outerScale}`],
    ["in cast", `--to ${block.name}, which is --to ${block.element} --scale ${block.scaling}`],
    ["source", block.source],
  ];
  return `${alignColumns(facts)}\n\n${description(element)}`;
}

const blockRecord = (block: BlockFormat): object => ({kind: "block", ...block});

function description(format: Format, json?: true): string {
  const hasTable = codeBits(format) <= printedTableBits;
  if (json) {
    const values = hasTable ? {values: [...valueTable(format)].map(jsonNumber)} : {};
    return JSON.stringify({...record(format), ...values}, null, 2);
  }
  const facts = alignColumns(factsOf(format, formatProperties(format)));
  return hasTable ? `${facts}\n\n${valueGrid(format)}` : facts;
}

/** Names and values of what there is to say; a format has no line for what it lacks. */
function factsOf(format: Format, properties: FormatProperties): string[][] {
  const {infinities, nans, zeros, minimumExponent, maximumExponent} = properties;
  const facts: [string, string | number | null][] = [
    ["name", [format.name, ...format.aliases].join(", ")],
    ["layout", layout(format)],
    ["finite values", properties.finiteValues],
    ["special codes", `${infinities} infinite, ${nans} NaN, ${zeros} zero`],
    ["largest", properties.largest],
    ["lowest", properties.lowest],
    ["smallest normal", properties.smallestNormal],
    ["largest subnormal", properties.largestSubnormal],
    ["smallest subnormal", properties.smallestSubnormal],
    ["exponents", format.kind === "float" ? `${minimumExponent} to ${maximumExponent}` : null],
    ["spacing above 1", properties.epsilon],
    ["unit roundoff", properties.unitRoundoff],
    ["overflow", overflow(format, properties)],
  ];
  return facts
    .filter(([, value]) => value !== null)
    .map(([name, value]) => [name, typeof value === "string" ? value : exactNumber(value)]);
}

function overflow(
  {kind}: Format,
  {overflowThreshold, thresholdIsKept, largest}: FormatProperties,
): string | null {
  if (kind === "codebook") return `above ${exactNumber(largest)}`;
  if (overflowThreshold === Number.POSITIVE_INFINITY) return null;
  return `${thresholdIsKept ? "above" : "from"} ${exactNumber(overflowThreshold)}, to nearest`;
}

function layout(format: Format): string {
  if (format.kind === "codebook") return `${format.bits} bits, a list of values`;
  if (format.kind === "integer") return integerLayout(format);
  const {signed, exponentBits, mantissaBits, bias, specials, subnormals} = format;
  const meaning = {
    ieee: "top exponent for infinities and NaN",
    fn: "all ones for NaN, no infinities",
    fnuz: "NaN for the code of -0, no infinities",
    none: "all codes finite",
    extended: signed
      ? "top code of each sign for infinity, NaN for the code of -0"
      : "the two top codes for infinity and NaN",
    finite: signed ? "NaN for the code of -0, no infinities" : "all ones for NaN, no infinities",
  }[specials];
  return (
    `${codeBits(format)} bits: ${signed ? "sign, " : ""}${exponentBits} exponent (bias ${bias}), ` +
    `${mantissaBits} mantissa; ${meaning}${subnormals ? "" : "; no subnormals"}`
  );
}

function integerLayout({bits, fractionBits, signed, symmetric}: IntegerFormat): string {
  const kind = signed ? "two's complement" : "unsigned";
  const point = fractionBits > 0 ? `, ${fractionBits} after the point` : "";
  return `${bits} bits, ${kind}${point}${symmetric ? ", symmetric" : ""}`;
}

/** All values in the order of their codes; each row begins with its first code. */
function valueGrid(format: Format): string {
  const table = valueTable(format);
  const digits = Math.ceil(codeBits(format) / 4);
  const text = format.kind === "codebook" ? String : exactNumber;
  const rows: string[][] = [];
  for (let first = 0; first < table.length; first += tableColumns) {
    const code = `0x${first.toString(16).padStart(digits, "0")}`;
    rows.push([code, ...Array.from(table.subarray(first, first + tableColumns), text)]);
  }
  return alignColumns(rows, {right: Array.from({length: tableColumns}, (_, i) => i + 1)});
}

const record = (format: Format): object => ({...format, ...formatProperties(format)});

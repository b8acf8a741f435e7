import {printable} from "./printable.js";
import {countOf} from "./quantity.js";
import type {ColumnMeaning} from "./run-columns.js";
import {type VariableName, variables} from "./variables.js";

/** How numbers in a text are written. */
export interface CellForm {
  /** `3,14` is a number, as in files with semicolons. */
  readonly hasDecimalCommas?: boolean;
}

/** What is written for bits of a number that is not rounded, besides an empty cell. */
const unroundedWords = new Set([
  ...["none", "no", "na", "n/a", "null", "-", "full", "inf", "+inf", "infinity", "∞", "unrounded"],
  ...["fp64", "float64", "f64", "fp32", "float32", "f32", "tf32"],
  ...["bf16", "bfloat16", "fp16", "float16", "f16", "half"],
]);

const emptyWords = new Set(["", "na", "n/a", "null", "none", "-"]);
const decimal = /^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i;
const thousands = /^[+-]?\d{1,3}(,\d{3})+(\.\d+)?$/;
const decimalComma = /^[+-]?\d+,\d+(e[+-]?\d+)?$/i;
const special: Readonly<Record<string, number>> = {
  nan: Number.NaN,
  inf: Number.POSITIVE_INFINITY,
  "+inf": Number.POSITIVE_INFINITY,
  infinity: Number.POSITIVE_INFINITY,
  "-inf": Number.NEGATIVE_INFINITY,
  "-infinity": Number.NEGATIVE_INFINITY,
};

/** The number in a cell; undefined where there is none. */
export function numberIn(cell: unknown, {hasDecimalCommas = false}: CellForm = {}): number | undefined {
  if (typeof cell === "number") return cell;
  if (typeof cell === "bigint") return Number(cell);
  if (typeof cell !== "string") return undefined;
  const text = cell.trim();
  if (decimal.test(text)) return Number(text);
  if (hasDecimalCommas && decimalComma.test(text)) return Number(text.replace(",", "."));
  if (thousands.test(text)) return Number(text.replaceAll(",", ""));
  const word = text.toLowerCase();
  return Object.hasOwn(special, word) ? special[word] : undefined;
}

/** The value of a cell, or what is wrong with it: `loss is -2, and must be above 0`. */
export function readCell(meaning: ColumnMeaning, cell: unknown, form: CellForm = {}): number | string {
  const without = meaning === "compute" ? undefined : variables[meaning].without;
  const word =
    cell === null || cell === undefined ? "" : typeof cell === "string" ? cell.trim().toLowerCase() : null;
  if (word !== null && without !== undefined && (word === "" || unroundedWords.has(word))) return without;
  if (word !== null && emptyWords.has(word)) return `${meaning} is empty`;
  const value = numberIn(cell, form) ?? countIn(meaning, cell);
  if (value === undefined) return `${meaning} is "${printable(String(cell))}", which is no number`;
  if (Number.isNaN(value)) return `${meaning} is not a number (NaN)`;
  if (value === Number.POSITIVE_INFINITY && without !== undefined) return without;
  if (!Number.isFinite(value)) return `${meaning} is infinite`;
  if (value < 0 || (value === 0 && !mayBeZero(meaning))) {
    return `${meaning} is ${value}, and must be ${mayBeZero(meaning) ? "0 or more" : "above 0"}`;
  }
  if (meaning === "blockSize" && value < 1) return `blockSize is ${value}, and must be 1 or more`;
  return value;
}

/** `30M` and `1.5B`, in columns of counts. */
function countIn(meaning: ColumnMeaning, cell: unknown): number | undefined {
  if (typeof cell !== "string" || !isCount(meaning)) return undefined;
  const value = countOf(cell);
  return Number.isNaN(value) ? undefined : value;
}

const isCount = (meaning: ColumnMeaning): boolean => ["parameters", "tokens", "compute"].includes(meaning);
const mayBeZero = (meaning: ColumnMeaning): boolean =>
  (["exponentBits", "mantissaBits"] as VariableName[]).includes(meaning as VariableName);

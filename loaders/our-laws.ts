import {extent, groups} from "d3";
import {chinchilla} from "../src/laws/chinchilla.js";
import {effectiveBothTied, effectiveBothUntied, effectiveTokens} from "../src/laws/effective-tokens.js";
import {type FitOptions, type FitResult, fit as fitLaw, type RunTable} from "../src/laws/fit.js";
import {floatingPoint} from "../src/laws/floating-point.js";
import {floatingPointBits} from "../src/laws/floating-point-bits.js";
import {floatingPointFree} from "../src/laws/floating-point-free.js";
import {growingCost} from "../src/laws/growing-cost.js";
import type {Law} from "../src/laws/law.js";
import {postTraining} from "../src/laws/post-training.js";
import {additivePower, multiplicativePower} from "../src/laws/power-of-bits.js";
import {precision} from "../src/laws/precision.js";
import {precisionWeights} from "../src/laws/precision-weights.js";
import {precisionWithoutOffsets} from "../src/laws/precision-without-offsets.js";
import {riseLaw} from "../src/laws/rises.js";
import {type VariableName, variableNames, variables} from "../src/laws/variables.js";
import type {LawRow} from "./law-rows.js";

/** A law fitted to our own runs of one text. */
export interface OurFit {
  /** Which runs: a name of `lawData`. */
  readonly data: string;
  readonly title: string;
  readonly corpus: string;
  readonly sweeps: readonly string[];
  readonly law: string;
  /** Whether the law gives the loss, or 1 more than what rounding adds to it (see `riseLaw`). */
  readonly of: "loss" | "rise";
  /** From the smallest to the largest value among the runs; bits that are not rounded are left out. */
  readonly domain: Readonly<Partial<Record<VariableName, readonly [number, number]>>>;
  /** In the order of the result's predictions, as keys of `rowKey`. */
  readonly rows: readonly string[];
  readonly result: FitResult;
}

/** Runs that laws are fitted to, and the laws. */
interface LawData {
  readonly name: string;
  readonly title: string;
  readonly has: (row: LawRow) => boolean;
  /** Forms of the loss, which are also fitted to the runs that round nothing. */
  readonly losses: readonly FitPlan[];
  /** Forms of what rounding adds. */
  readonly rises: readonly (FitPlan & {readonly cancelled: readonly string[]})[];
}

interface FitPlan {
  readonly law: Law;
  readonly options?: FitOptions;
}

const intervals = {bootstrap: {replicates: 60, by: "group"}} as const satisfies FitOptions;
const fewStarts = {starts: 10} as const satisfies FitOptions;

/** The loss without rounding, which is the same in both losses of a difference. */
const base = ["A", "B", "E", "alpha", "beta"];
const floatingBase = ["n", "d", "epsilon"];
/** Of operands that no run of the data rounds. */
const othersRoundNothing = {fixed: {C_a: 1e-9, gamma_a: 1, C_kv: 1e-9, gamma_kv: 1}};

export const lawData: readonly LawData[] = [
  {
    name: "plain",
    title: "nothing rounded",
    has: () => false,
    losses: [{law: chinchilla, options: intervals}],
    rises: [],
  },
  {
    name: "weights",
    title: "weights alone as integers",
    has: (row) => isInteger(row) && row.operands === "P2",
    losses: [
      ...[precisionWeights, effectiveTokens, effectiveBothTied].map((law) => ({law})),
      {law: effectiveBothUntied, options: fewStarts},
      ...[additivePower, multiplicativePower].map((law) => ({law})),
      {law: growingCost, options: {...fewStarts, ...othersRoundNothing}},
    ],
    rises: [],
  },
  {
    name: "integers",
    title: "weights, activations, keys and values as integers, activations with 4 bits or more",
    // Runs with fewer differ by tenths of a nat from seed to seed; the paper leaves its own out, too.
    has: (row) =>
      isInteger(row) &&
      row.gradientBits === Number.POSITIVE_INFINITY &&
      row.activationBits >= 4 &&
      row.cacheBits >= 3,
    losses: [
      {law: precision, options: fewStarts},
      {law: precisionWithoutOffsets, options: fewStarts},
      {law: growingCost, options: fewStarts},
    ],
    rises: [
      {law: growingCost, cancelled: base, options: {...intervals, starts: 12}},
      {law: precision, cancelled: ["B", "E", "beta"], options: fewStarts},
    ],
  },
  {
    name: "floating-point",
    title: "operands P2, P4 and P6 in floating-point formats",
    has: ({operands, method}) => method === "none" && operands === "P2 P4 P6",
    losses: [
      {law: floatingPoint, options: fewStarts},
      {law: floatingPointFree, options: fewStarts},
      {law: floatingPointBits, options: fewStarts},
    ],
    rises: [
      {
        law: floatingPointFree,
        cancelled: [...floatingBase, "alpha", "beta"],
        options: {...intervals, starts: 12},
      },
      {law: floatingPoint, cancelled: floatingBase, options: fewStarts},
    ],
  },
  ...(["nearest", "gptq"] as const).map((method) => ({
    name: `post-training-${method}`,
    title:
      method === "gptq"
        ? "weights quantized by GPTQ after training in float32, to 3 to 6 bits"
        : "weights rounded to nearest after training in float32, to 3 to 6 bits",
    // As in the paper; in 2 bits the loss rises to several nats, beyond what an exponential says.
    has: (row: LawRow) =>
      row.method === method && row.operands === "" && row.postTrainingBits >= 3 && row.postTrainingBits <= 6,
    losses: [],
    rises: [{law: postTraining, cancelled: base, options: {...intervals, ...fewStarts, fixed: {b: 0}}}],
  })),
];

function isInteger({method, operands, exponentBits}: LawRow): boolean {
  return method === "none" && (exponentBits === 0 || operands === "KV");
}

/** Every law of `lawData`, fitted to the runs of each text that identify something. */
export function ourFits(rows: readonly LawRow[], chosen: readonly LawData[] = lawData): OurFit[] {
  return groups(distinctRows(rows), ({corpus}) => corpus).flatMap(([, ofCorpus]) => {
    const plain = ofCorpus.filter((row) => row.operands === "" && row.method === "none");
    return chosen.flatMap((data) => {
      const rounded = ofCorpus.filter(data.has);
      if (data.name !== "plain" && rounded.length < fewestRows) return [];
      return [
        ...data.losses.flatMap((plan) => ourFit(data, "loss", plan, [...plain, ...rounded])),
        ...data.rises.flatMap(({law, cancelled, options}) =>
          ourFit(
            data,
            "rise",
            {law: riseLaw(law, cancelled), options},
            rounded.filter(({referenceLoss}) => referenceLoss !== null),
          ),
        ),
      ];
    });
  });
}

/** Fewer say nothing of a form. */
const fewestRows = 12;

/** A run that stands in several sweeps counts once; with a rate that is not the best for its size, not at all. */
export function distinctRows(rows: readonly LawRow[]): LawRow[] {
  const seen = new Map(rows.filter(({isTuned}) => isTuned).map((row) => [rowKey(row), row]));
  return [...seen.values()];
}

/** Tells rows apart: a run, and what was done to its weights after training. */
export const rowKey = ({run, method, postTrainingBits}: LawRow): string =>
  method === "none" ? run : `${run} ${method} ${postTrainingBits}`;

function ourFit(data: LawData, of: OurFit["of"], {law, options}: FitPlan, rows: readonly LawRow[]): OurFit[] {
  if (rows.length < Math.max(fewestRows, law.constants.length)) return [];
  const result = fitLaw(law, tableOf(rows, of), {heldOut: {}, leaveLargestOut: {}, ...options});
  return [
    {
      ...{data: data.name, title: data.title, corpus: rows[0].corpus, law: law.name, of},
      sweeps: [...new Set(rows.map(({sweep}) => sweep))],
      domain: domainOf(law, rows),
      rows: result.places.map((place) => rowKey(rows[place])),
      result,
    },
  ];
}

/** Rows as a table for a fit, with the loss or 1 more than its rise. */
export function tableOf(rows: readonly LawRow[], of: OurFit["of"]): RunTable {
  const columns = Object.fromEntries(
    variableNames
      .filter((name) => name !== "loss")
      .map((name) => [name, Float64Array.from(rows, (row) => row[name])]),
  );
  const loss = Float64Array.from(rows, (row) =>
    of === "loss" ? row.loss : 1 + row.loss - row.referenceLoss!,
  );
  return {rows: rows.length, columns: {...columns, loss}, labels: rows.map(rowKey)};
}

function domainOf(law: Law, rows: readonly LawRow[]): OurFit["domain"] {
  return Object.fromEntries(
    law.variables.flatMap((name) => {
      const values = rows.map((row) => row[name as keyof LawRow] as number);
      const [low, high] = extent(values.filter((value) => value !== variables[name].without));
      return low === undefined ? [] : [[name, [low, high]]];
    }),
  );
}

import {readFileSync} from "node:fs";
import type {LawTableRecord, RecordedValue} from "../src/laws/recorded-table.js";
import {readRunTable} from "../src/laws/run-table-reader.js";
import {variableNames} from "../src/laws/variables.js";
import {type LawRow, lawRows, lawSweeps} from "./law-rows.js";
import {publishedSweep} from "./sweep-records.js";

const chinchillaFile = "data/tables/chinchilla-replication.csv";

/** Runs of the highest loss that the replication leaves out. */
const highest = 5;

export function chinchillaTable(): LawTableRecord {
  const {table} = readRunTable(readFileSync(chinchillaFile, "utf8"));
  const {loss} = table.columns;
  const byLoss = Array.from(loss.keys()).sort((a, b) => loss[b] - loss[a]);
  return {
    name: "chinchilla",
    title: "Chinchilla replication",
    about:
      "The runs of Hoffmann et al. (2022), read off their figure 4 by Besiroglu et al. (2024, arXiv:2404.10102): 245 models " +
      "of 57 million to 16 billion parameters. Training text is FLOPs / (6·N), as in the replication.",
    ...{rows: table.rows, columns: columnsOf(table.columns)},
    dropped: byLoss.slice(0, highest).sort((a, b) => a - b),
    whyDropped: "the five of the highest loss, as in the replication, which have barely begun to train",
    ...{law: "chinchilla", published: "replication"},
  };
}

/** What is asked of each sweep here, and with which law. */
const sweepTexts: Readonly<Record<(typeof lawSweeps)[number], {title: string; about: string; law: string}>> =
  {
    precision: {
      title: "Our sweep precision",
      about: "Integer weights, activations, and keys and values, rounded in training, after Kumar et al.",
      law: "precision",
    },
    allocation: {
      title: "Our sweep allocation",
      about:
        "Bits of weights against bits of activations and gradients, for one model on one amount of text.",
      law: "floating-point-bits",
    },
    "exponent-mantissa": {
      title: "Our sweep exponent-mantissa",
      about: "Formats from 3 to 10 bits with all splits between exponent and mantissa, after Sun et al.",
      law: "floating-point",
    },
    targets: {
      title: "Our sweep targets",
      about:
        "Three bits for one operand or several of the three products of a linear layer, after Sun et al.",
      law: "floating-point",
    },
    "block-size": {
      title: "Our sweep block-size",
      about:
        "Three and four bits with a scale for every 4 values up to one for the whole tensor, after Sun et al.",
      law: "floating-point",
    },
    overtraining: {
      title: "Our sweep overtraining",
      about: "Training in two and three bits on up to two thousand tokens per parameter.",
      law: "precision",
    },
    "post-training": {
      title: "Our sweep post-training",
      about:
        "Models trained on little and much text, whose weights were then rounded to nearest, after Kumar et al.",
      law: "post-training",
    },
  };

/** A published sweep as a table: a row for each measured loss; weights rounded after training only by rounding to nearest. */
export function sweepTable(sweep: (typeof lawSweeps)[number], all: readonly LawRow[]): LawTableRecord {
  const rows = all.filter(({method}) => method !== "gptq");
  const columns = Object.fromEntries(
    variableNames.map((name) => [name, Float64Array.from(rows, (row) => row[name])]),
  );
  const sizes = [...rows].map(({parameters}) => parameters);
  const texts = [...rows].map(({tokens}) => tokens);
  const range = (values: readonly number[]) =>
    [...new Set([Math.min(...values), Math.max(...values)])]
      .map((value) => value.toLocaleString("en"))
      .join(" to ");
  const {title, about, law} = sweepTexts[sweep];
  return {
    ...{name: sweep, title, law},
    about: `${about} ${range(sizes)} parameters, ${range(texts)} tokens of generated text. These sizes can test forms and signs of laws, not their constants at the scale of the papers.`,
    ...{rows: rows.length, columns: columnsOf(columns)},
    labels: rows.map(
      ({operands, seed, learningRate}) => `${operands || "fp32"}, rate ${learningRate}, seed ${seed}`,
    ),
    ...{dropped: [], whyDropped: ""},
  };
}

/** All tables of the page, in the order of its menu. */
export async function lawTables(): Promise<LawTableRecord[]> {
  const tables = [chinchillaTable()];
  for (const sweep of lawSweeps) tables.push(sweepTable(sweep, lawRows(sweep, await publishedSweep(sweep))));
  return tables;
}

/** Columns in which a row has a value at all. */
function columnsOf(columns: Readonly<Record<string, Float64Array>>): LawTableRecord["columns"] {
  const known = Object.entries(columns).filter(([, values]) => values.some(Number.isFinite));
  return Object.fromEntries(known.map(([name, values]) => [name, Array.from(values, recordedValue)]));
}

const recordedValue = (value: number): RecordedValue =>
  Number.isFinite(value) ? value : Number.isNaN(value) ? "?" : null;

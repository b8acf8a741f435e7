import {readFileSync} from "node:fs";
import {largestLosses} from "../src/laws/largest-losses.js";
import type {LawTableRecord, RecordedValue} from "../src/laws/recorded-table.js";
import {readRunTable} from "../src/laws/run-table-reader.js";
import {variableNames} from "../src/laws/variables.js";
import type {LawRow} from "./law-rows.js";
import {allLawRows} from "./law-rows-table.js";
import {distinctRows, lawData} from "./our-laws.js";

const chinchillaFile = "data/tables/chinchilla-replication.csv";

/** Runs of the highest loss that the replication leaves out. */
const highest = 5;

export function chinchillaTable(): LawTableRecord {
  const {table} = readRunTable(readFileSync(chinchillaFile, "utf8"));
  return {
    name: "chinchilla",
    title: "Chinchilla replication",
    about:
      "The runs of Hoffmann et al. (2022), read off their figure 4 by Besiroglu et al. (2024, arXiv:2404.10102): 245 models " +
      "of 57 million to 16 billion parameters. Training text is FLOPs / (6·N), as in the replication.",
    ...{rows: table.rows, columns: columnsOf(table.columns)},
    dropped: largestLosses(table, highest).sort((a, b) => a - b),
    whyDropped: "the five of the highest loss, as in the replication, which have barely begun to train",
    ...{law: "chinchilla", published: "replication"},
  };
}

/** Our runs by what is asked of them, with the law that asks it; see `lawData`, which says which runs belong to each. */
const questions: readonly {data: string; title: string; law: string}[] = [
  {data: "plain", title: "Ours: nothing rounded", law: "chinchilla"},
  {data: "weights", title: "Ours: integer weights", law: "precision-weights"},
  {data: "integers", title: "Ours: integer weights, activations, cache", law: "precision"},
  {data: "floating-point", title: "Ours: floating-point formats", law: "floating-point"},
  {data: "post-training-nearest", title: "Ours: rounded after training", law: "post-training"},
];

/** Runs below this number are no table to fit a law to. */
const fewestRows = 12;

/** The tables of our runs: those of a question about one text, each run once and at the best of its learning rates. */
function ourTables(rows: readonly LawRow[]): LawTableRecord[] {
  const distinct = distinctRows(rows);
  const texts = [...new Set(distinct.map(({corpus}) => corpus))];
  return texts.flatMap((corpus) => {
    const ofText = distinct.filter((row) => row.corpus === corpus);
    const plain = ofText.filter(({operands, method}) => operands === "" && method === "none");
    return questions.flatMap(({data, title, law}) => {
      const {has, title: which} = lawData.find(({name}) => name === data)!;
      const rounded = ofText.filter(has);
      const isAsked = data === "plain" ? plain.length >= fewestRows : rounded.length >= fewestRows;
      const suffix = texts.length > 1 ? `, ${corpus}` : "";
      const about = `Our runs on the text “${corpus}”: ${which}${data === "plain" ? "" : ", and the same models without rounding"}.`;
      return isAsked
        ? [
            tableOf([...plain, ...rounded], {
              name: texts.length > 1 ? `${data}.${corpus}` : data,
              title: `${title}${suffix}`,
              ...{about, law},
            }),
          ]
        : [];
    });
  });
}

/** A published sweep with all its rows, those at other learning rates and of both ways of rounding after training among them. */
function sweepTables(rows: readonly LawRow[]): LawTableRecord[] {
  const sweeps = [...new Set(rows.map(({sweep}) => sweep))];
  return sweeps.map((sweep) =>
    tableOf(
      rows.filter((row) => row.sweep === sweep),
      {
        name: `sweep.${sweep}`,
        title: `Sweep ${sweep}`,
        about: `Every loss of our sweep “${sweep}”, whatever was rounded, and at every learning rate that was compared.`,
        law: "chinchilla",
      },
    ),
  );
}

function tableOf(
  rows: readonly LawRow[],
  {name, title, about, law}: Pick<LawTableRecord, "name" | "title" | "about" | "law">,
): LawTableRecord {
  const columns = Object.fromEntries(
    variableNames.map((variable) => [variable, Float64Array.from(rows, (row) => row[variable])]),
  );
  const range = (values: readonly number[]) =>
    [...new Set([Math.min(...values), Math.max(...values)])]
      .map((value) => value.toLocaleString("en"))
      .join(" to ");
  const sizes = range(rows.map(({parameters}) => parameters));
  const texts = range(rows.map(({tokens}) => tokens));
  return {
    ...{name, title, law, rows: rows.length, columns: columnsOf(columns)},
    about: `${about} ${sizes} parameters, ${texts} tokens. Such sizes can test forms and signs of laws, not their constants at the scale of the papers.`,
    labels: rows.map(labelOf),
    ...{dropped: [], whyDropped: ""},
  };
}

const labelOf = ({operands, method, learningRate, seed}: LawRow): string =>
  [
    operands ? `rounded ${operands}` : "",
    method === "none" ? "" : method === "gptq" ? "GPTQ" : "rounded to nearest after training",
    `rate ${learningRate}`,
    `seed ${seed}`,
  ]
    .filter(Boolean)
    .join(", ");

/** All tables of the page, in the order of its menu. */
export async function lawTables(): Promise<LawTableRecord[]> {
  const rows = await allLawRows();
  return [chinchillaTable(), ...ourTables(rows), ...sweepTables(rows)];
}

/** Columns in which a row has a value at all. */
function columnsOf(columns: Readonly<Record<string, Float64Array>>): LawTableRecord["columns"] {
  const known = Object.entries(columns).filter(([, values]) => values.some(Number.isFinite));
  return Object.fromEntries(known.map(([name, values]) => [name, Array.from(values, recordedValue)]));
}

const recordedValue = (value: number): RecordedValue =>
  Number.isFinite(value) ? value : Number.isNaN(value) ? "?" : null;

import type {CheckRow} from "./check-row.js";
import type {Column} from "./column.js";

const count = (value: number): string => value.toLocaleString("en");

/** Sources of recordings, as the table calls them. */
const sources: Readonly<Record<string, string>> = {
  recorded: "Bitscape",
  published: "MATLAB-tensor-core",
};

/** The columns of the table of what the models were compared with. */
export const checkColumns: readonly Column<CheckRow>[] = [
  {name: "GPU", value: ({gpu}) => gpu},
  {name: "instruction", value: ({instruction}) => instruction},
  {name: "operands", value: ({operands}) => operandsText(operands)},
  {name: "result", value: ({output}) => output.toUpperCase()},
  {name: "values", value: ({values}) => values, format: count},
  {name: "mismatches", value: ({mismatches}) => mismatches, format: count},
  {name: "source", value: ({source}) => sources[source] ?? source},
];

/** Formats in the order in which the table lists them. */
const formats = ["fp16", "bf16", "tf32", "e4m3", "e5m2"];

/** "E4M3, E5M2, mixed": the formats of both factors, and whether they were mixed. */
function operandsText(pairs: readonly string[]): string {
  const isMixed = pairs.some((pair) => new Set(pair.split(" ")).size > 1);
  const present = formats.filter((format) => pairs.some((pair) => pair.split(" ").includes(format)));
  return [...present.map((format) => format.toUpperCase()), ...(isMixed ? ["mixed"] : [])].join(", ");
}

/** What the table says, in one sentence. */
export function checkSentence(rows: readonly CheckRow[]): string {
  const total = (of: (row: CheckRow) => number) => rows.reduce((sum, row) => sum + of(row), 0);
  const gpus = [...new Set(rows.map(({gpu}) => gpu.split(" ")[0]))];
  const wrong = total(({mismatches}) => mismatches);
  return (
    `${count(total(({values}) => values))} results of ${gpus.length} GPUs were compared with the models, in every bit: ` +
    `${wrong === 0 ? "none differs" : `${count(wrong)} differ`}.`
  );
}

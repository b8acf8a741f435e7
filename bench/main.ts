import {cpus} from "node:os";
import {parseArgs} from "node:util";
import {median, quantile} from "./measure.js";
import {startTorch} from "./peers/torch.js";
import {type Bench, type Measurement, type Row, rows} from "./rows.js";

interface Result {
  readonly name: string;
  readonly meaning: string;
  /** Median over the rounds, with the quartiles below and above; null where it could not be measured. */
  readonly value: number | null;
  readonly low: number | null;
  readonly high: number | null;
  readonly limit: number;
  readonly comparison: Row["comparison"];
  readonly verdict: "pass" | "below" | "above" | "not measured";
  readonly detail: string;
}

const notMeasured = "no Python with PyTorch; BITSCAPE_PYTHON may name one";

async function main(): Promise<void> {
  const {filters, json, rounds} = readArguments();
  const chosen = rows.filter(({name}) => !filters.length || filters.some((filter) => name.includes(filter)));
  if (!chosen.length)
    usage(`no row matches ${filters.join(", ")}; rows are ${rows.map(({name}) => name).join(", ")}`);

  let torch: ReturnType<typeof startTorch> | undefined;
  const bench: Bench = {
    rounds,
    torch: () => {
      torch ??= startTorch();
      return torch;
    },
  };
  const results: Result[] = [];
  if (!json) console.log(`${"row".padEnd(28)}${"ratio".padStart(7)}  ${"quartiles".padEnd(15)}limit`);
  for (const row of chosen) {
    const result = judge(row, await row.measure(bench));
    results.push(result);
    if (!json) print(result);
  }
  (await torch)?.close();
  if (json)
    console.log(
      JSON.stringify({node: process.version, cpu: cpus()[0].model, rounds, rows: results}, null, 2),
    );
}

function readArguments(): {filters: readonly string[]; json: boolean; rounds: number} {
  try {
    const {positionals, values} = parseArgs({
      allowPositionals: true,
      options: {json: {type: "boolean", default: false}, rounds: {type: "string", default: "15"}},
    });
    const rounds = Number(values.rounds);
    if (!Number.isInteger(rounds) || rounds < 1)
      usage(`--rounds must be a whole number from 1, not ${values.rounds}`);
    return {filters: positionals, json: values.json, rounds};
  } catch (error) {
    return usage((error as Error).message);
  }
}

function usage(message: string): never {
  console.error(message);
  process.exit(2);
}

function judge({name, meaning, limit, comparison}: Row, measurement: Measurement | undefined): Result {
  const row = {name, meaning, limit, comparison};
  if (!measurement) {
    return {...row, value: null, low: null, high: null, verdict: "not measured", detail: notMeasured};
  }
  const {ratios, detail} = measurement;
  const value = median(ratios);
  const verdict =
    comparison === "at least" ? (value >= limit ? "pass" : "below") : value <= limit ? "pass" : "above";
  const spread = {low: quantile(ratios, 0.25), high: quantile(ratios, 0.75)};
  return {...row, value, ...spread, verdict, detail};
}

function print({name, value, low, high, limit, comparison, verdict, detail}: Result): void {
  const ratio = value === null ? "–" : value.toFixed(2);
  const spread = value === null ? "" : `${low!.toFixed(2)} – ${high!.toFixed(2)}`;
  const bound = `${comparison === "at least" ? "≥" : "≤"} ${limit.toFixed(2)}`;
  console.log(
    `${name.padEnd(28)}${ratio.padStart(7)}  ${spread.padEnd(15)}${bound}  ${verdict.padEnd(6)}  ${detail}`,
  );
}

await main();

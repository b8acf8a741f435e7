import {declarationChecksum, readDeclarations} from "../src/training/corpora/declarations.js";
import type {RunRecord} from "../src/training/run-record.js";

/** What the page `lab` begins with: recorded runs, slim enough for a phone, and what a browser needs of the corpora. */
export function labRuns(records: readonly RunRecord[]) {
  const corpora = [...readDeclarations()].map(([name, declaration]) => {
    return [name, {declaration, checksum: declarationChecksum(declaration)}];
  });
  return {runs: records.map(slimRecord), corpora: Object.fromEntries(corpora)};
}

/** Without histograms, and with as many digits as a chart can show; settings and hash stay as they are. */
const slimRecord = ({probes, trainingLoss, ...record}: RunRecord) => ({
  ...record,
  trainingLoss: trainingLoss.map((loss) => rounded(loss, 5)),
  probes: probes.map(({histogram: _, ...probe}) => roundedDeep(probe)),
});

function roundedDeep(value: unknown): unknown {
  if (typeof value === "number") return rounded(value, 4);
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, part]) => [key, roundedDeep(part)]));
}

const rounded = (x: number, digits: number): number => Number(x.toPrecision(digits));

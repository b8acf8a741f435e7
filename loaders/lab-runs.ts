import {declarationChecksum, readDeclarations} from "../src/training/corpora/declarations.js";
import {probedFormats} from "../src/training/measure-probe.js";
import type {Probe, RunRecord} from "../src/training/run-record.js";

/** What the page `lab` begins with: recorded runs, slim enough for a phone, and what a browser needs of the corpora. */
export function labRuns(records: readonly RunRecord[]) {
  const corpora = [...readDeclarations()].map(([name, declaration]) => {
    return [name, {declaration, checksum: declarationChecksum(declaration)}];
  });
  return {runs: records.map(slimRecord), corpora: Object.fromEntries(corpora)};
}

/** With as many digits as a chart can show; settings and hash stay as they are. */
function slimRecord({probes, trainingLoss, ...record}: RunRecord) {
  const {id, engine, settings, parameters, vocabularySize} = record;
  const {heldOutLoss, floor, diverged, weightHash, timing} = record;
  return {
    ...{id, engine, settings, parameters, vocabularySize, heldOutLoss, floor, diverged, weightHash, timing},
    trainingLoss: trainingLoss.map((loss) => rounded(loss, 5)),
    probes: probeColumns(probes),
  };
}

/** A list for each thing that the page shows of a probe; names stand once, and are meant by their places. */
function probeColumns(probes: readonly Probe[]) {
  const names = [...new Set(probes.map(nameOf))];
  return {
    names,
    name: probes.map((probe) => names.indexOf(nameOf(probe))),
    step: probes.map(({step}) => step),
    spread: probes.map(({spread}) => rounded(spread, 3)),
    largest: probes.map(({largest}) => rounded(largest, 3)),
    underflow: Object.fromEntries(
      probedFormats.map((format) => [format, probes.map(({underflow}) => rounded(underflow[format], 2))]),
    ),
    // Of the recipe's casts of the tensor the one that loses most; null where there is none.
    cast: probes.map(({casts}) =>
      casts.length > 0 ? rounded(Math.max(...casts.map(({underflow}) => underflow)), 2) : null,
    ),
  };
}

const nameOf = ({depth, layer, tensor}: Probe): string => `${depth}:${layer}:${tensor}`;

const rounded = (x: number, digits: number): number => Number(x.toPrecision(digits));

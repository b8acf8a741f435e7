import {type FoundRun, findRun} from "../sweeps/find-run.js";
import {publishedDigits} from "../sweeps/published.js";
import {type Pair, type RunDifference, runDifference} from "../sweeps/run-difference.js";
import {recordJson} from "../sweeps/run-record-schema.js";
import {openRunStore} from "../sweeps/run-store.js";
import {curvePicture} from "./curve-picture.js";
import {duration} from "./progress-display.js";
import {alignColumns, counted, shortNumber} from "./text.js";

/** Prints where two runs differ. */
export async function diffRuns(first: string, second: string, {json}: {json?: true}): Promise<void> {
  const store = openRunStore();
  const [a, b] = [await findRun(first, store), await findRun(second, store)];
  const isRounded = a.published !== null || b.published !== null;
  const difference = runDifference(a.record, b.record, isRounded ? {digits: publishedDigits.loss} : {});
  const text = json ? differenceJson(difference, a, b) : describeDifference(difference, a, b);
  process.stdout.write(`${text}\n`);
}

const differenceJson = (difference: RunDifference, a: FoundRun, b: FoundRun): string =>
  recordJson({...difference, published: {a: a.published, b: b.published}});

function describeDifference(difference: RunDifference, a: FoundRun, b: FoundRun): string {
  const sections = [
    alignColumns(overview(difference, a, b)),
    curvePicture(a.record.trainingLoss, b.record.trainingLoss),
    describeCurves(difference, a, b),
    ...describeCasts(difference),
    ...describeSpreads(difference),
  ];
  return sections.filter((section) => section !== "").join("\n\n");
}

const none = "-";

function overview(difference: RunDifference, a: FoundRun, b: FoundRun): string[][] {
  const {ids, settings, engine} = difference;
  const row = <T>(name: string, {a, b}: Pair<T>, text: (value: T) => string = String): string[] => [
    name,
    a === null ? none : text(a),
    b === null ? none : text(b),
  ];
  const differing = <T>(name: string, pair: Pair<T>, text?: (value: T) => string): string[][] =>
    text !== undefined && pair.a !== null && pair.b !== null && text(pair.a) === text(pair.b)
      ? []
      : pair.a === pair.b
        ? []
        : [row(name, pair, text)];
  const origin = {a: a.published, b: b.published};
  return [
    ["", "a", "b"],
    row("run", ids),
    ...differing("published in", origin),
    ...differing("engine", engine),
    ...settings.map(({key, ...values}) => row(key, values, valueText)),
    ...differing("parameters", difference.parameters),
    ...differing("tokens", difference.tokens),
    lossRow("training loss", difference.finalTrainingLoss),
    lossRow("held-out loss", difference.finalHeldOutLoss),
    ...difference.postTraining.map(({cast, method, ...losses}) =>
      lossRow(`${method === "gptq" ? "gptq " : ""}${cast}`, losses),
    ),
    ...differing(
      "diverged",
      difference.diverged,
      (divergence) => `step ${divergence?.step}: ${divergence?.reason}`,
    ),
    ...differing("gradient to noise", difference.gradientToNoise, (ratio) => ratio.toPrecision(3)),
    ...differing("steps left out", difference.skippedSteps),
    row("time", difference.seconds, duration),
    ["weights", ...(difference.isSame ? ["the same, to the bit", ""] : weightRow(a, b))],
  ];
}

const valueText = (value: string | number | boolean): string => (value === "" ? '""' : String(value));

const weightRow = (a: FoundRun, b: FoundRun): string[] =>
  [a, b].map(({record}) => `sha256 ${record.weightHash.slice(0, 12)}…`);

function lossRow(name: string, {a, b}: Pair<number>): string[] {
  const texts = [a, b].map((loss) => (loss === null ? none : loss.toFixed(4)));
  if (a === null || b === null) return [name, ...texts];
  const change = b - a;
  return [name, ...texts, `${change < 0 ? "−" : "+"}${Math.abs(change).toFixed(4)}`];
}

function describeCurves({curves, isSame}: RunDifference, a: FoundRun, b: FoundRun): string {
  const {steps, parting, largest} = curves;
  const rounded = a.published === null && b.published === null ? "" : `, in ${publishedDigits.loss} digits`;
  if (!parting || !largest) {
    const all = steps === 1 ? "the only step" : `all ${steps} steps`;
    return `The curves are the same in ${all} that both have${rounded}${isSame ? "" : "; the weights are not"}.`;
  }
  const at = ({a, b}: Pair<number>) => `${exactLoss(a)} and ${exactLoss(b)}`;
  const first =
    parting.step === 1
      ? `The curves differ from the first step on: ${at(parting)}`
      : `The curves are the same for ${counted(parting.step - 1, "step")}${rounded} and part at step ${parting.step}: ${at(parting)}`;
  return `${first}.\nThey are farthest apart at step ${largest.step}: ${at(largest)}.`;
}

const exactLoss = (loss: number | null): string =>
  loss === null ? none : String(Number(loss.toPrecision(7)));

/** Rows of a list of measurements. */
const mostRows = 6;

function describeCasts({casts}: RunDifference): string[] {
  if (casts.length === 0) return [];
  const rows = casts
    .slice(0, mostRows)
    .map((cast) => [
      `${cast.layer}, ${cast.tensor}`,
      String(cast.step),
      cast.product,
      both(cast.signalToNoise, decibels),
      both(cast.underflow, percent),
      both(cast.overflow, percent),
    ]);
  const header = ["cast of", "step", "for", "signal to noise", "underflow", "overflow"];
  return [`${alignColumns([header, ...rows], {right: [1]})}${moreThan(casts.length)}`];
}

function describeSpreads({spreads: all}: RunDifference): string[] {
  const spreads = ofLastStep(all);
  if (spreads.length === 0) return [];
  const rows = spreads
    .slice(0, mostRows)
    .map((spread) => [
      `${spread.layer}, ${spread.tensor}`,
      String(spread.step),
      both(spread, (value) => value.toPrecision(3)),
    ]);
  return [
    `${alignColumns([["spread of", "step", "a, b"], ...rows], {right: [1]})}${moreThan(spreads.length)}`,
  ];
}

/** What was measured last, which training has led to. */
function ofLastStep<T extends {readonly step: number}>(measurements: readonly T[]): T[] {
  const last = Math.max(...measurements.map(({step}) => step));
  return measurements.filter(({step}) => step === last);
}

const moreThan = (count: number): string =>
  count > mostRows ? `\nand ${count - mostRows} more that differ less` : "";

const both = ({a, b}: Pair<number>, text: (value: number) => string): string =>
  [a, b].map((value) => (value === null ? none : text(value))).join(", ");

const percent = (share: number): string => `${shortNumber(Number((share * 100).toPrecision(2)))} %`;

const decibels = (ratio: number): string =>
  Number.isFinite(ratio) ? `${(10 * Math.log10(ratio)).toFixed(1)} dB` : "lossless";

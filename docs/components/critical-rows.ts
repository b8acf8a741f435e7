/** A measured loss of our sweeps: the columns of `loaders/law-rows.arrow` that the page on critical data reads. */
export interface CriticalRow {
  readonly sweep: string;
  readonly corpus: string;
  readonly seed: number;
  readonly learningRate: number;
  readonly isTuned: boolean;
  readonly parameters: number;
  readonly tokens: number;
  /** Which operands were rounded in training: empty, `P2`, `P2 P4 P6`, `P1 P2 KV`. */
  readonly operands: string;
  readonly method: "none" | "nearest" | "gptq";
  /** Infinity where nothing is rounded. */
  readonly weightBits: number;
  readonly exponentBits: number;
  readonly mantissaBits: number;
  readonly postTrainingBits: number;
  readonly loss: number;
  readonly referenceLoss: number | null;
  readonly noise: number | null;
}

/** The rows of one text: the one with the most that were rounded after training. */
export function criticalRows(rows: readonly CriticalRow[]): CriticalRow[] {
  const counts = new Map<string, number>();
  for (const {corpus, method} of rows) {
    if (method !== "none") counts.set(corpus, (counts.get(corpus) ?? 0) + 1);
  }
  const [most] = [...counts].sort((a, b) => b[1] - a[1]);
  return rows.filter(({corpus}) => corpus === most?.[0]);
}

/** Losses of one model by the text that it has seen, means over seeds, the least text first. */
export interface TextSeries {
  /** What tells the line from the others: bits after training, or a cast. */
  readonly name: string;
  /** Infinity where nothing is rounded. */
  readonly bits: number;
  readonly points: readonly TextPoint[];
}

export interface TextPoint {
  readonly tokens: number;
  readonly tokensPerParameter: number;
  readonly loss: number;
  /** Above the run that rounds nothing; 0 where this is that run. */
  readonly rise: number;
  readonly rates: readonly number[];
  readonly seeds: number;
}

/** Sizes of the models that were rounded after training, the smallest first. */
export const roundedModels = (rows: readonly CriticalRow[]): number[] =>
  sizesOf(rows.filter(({method, operands}) => method !== "none" && operands === ""));

/** Sizes of the models of the sweep over long trainings, the smallest first. */
export const overtrainedModels = (rows: readonly CriticalRow[]): number[] =>
  sizesOf(rows.filter(({sweep, operands}) => sweep === "overtraining" && operands !== ""));

const sizesOf = (rows: readonly CriticalRow[]): number[] =>
  [...new Set(rows.map(({parameters}) => parameters))].sort((a, b) => a - b);

/** One model trained in float32: a line for the run as it is, and one for each number of bits that it was rounded to. */
export function roundedSeries(
  rows: readonly CriticalRow[],
  {parameters, method}: {readonly parameters: number; readonly method: "nearest" | "gptq"},
): TextSeries[] {
  const ofModel = rows.filter((row) => row.parameters === parameters && row.operands === "" && row.isTuned);
  const rounded = ofModel.filter((row) => row.method === method);
  const before = rounded.map((row) => ({
    ...row,
    loss: row.referenceLoss!,
    postTrainingBits: Number.POSITIVE_INFINITY,
  }));
  const widths = [...new Set(rounded.map(({postTrainingBits}) => postTrainingBits))].sort((a, b) => a - b);
  return [
    ...widths.map((bits) => ({
      ...{name: `${bits} bits`, bits},
      points: pointsOf(rounded.filter(({postTrainingBits}) => postTrainingBits === bits)),
    })),
    {name: "not rounded", bits: Number.POSITIVE_INFINITY, points: pointsOf(before)},
  ];
}

/** The casts of the sweep over long trainings. */
const trainingCasts = [
  {operands: "", title: () => "not rounded"},
  {operands: "P2 P4 P6", title: (row: CriticalRow) => `E${row.exponentBits}M${row.mantissaBits}`},
  {operands: "P2", title: (row: CriticalRow) => `weights in ${row.weightBits} bits`},
  {operands: "P1 P2 KV", title: (row: CriticalRow) => `all in ${row.weightBits} bits`},
] as const;

/**
 * One model trained with rounded operands, a line for each cast.
 * @param rates `tuned` for the learning rate that is best in float32 for each amount of text, `own` for the best of those
 *   tried with the cast itself
 */
export function trainingSeries(
  rows: readonly CriticalRow[],
  {parameters, rates}: {readonly parameters: number; readonly rates: "tuned" | "own"},
): TextSeries[] {
  const ofModel = rows.filter(
    (row) => row.sweep === "overtraining" && row.parameters === parameters && row.method === "none",
  );
  return trainingCasts.flatMap(({operands, title}) => {
    const ofCast = ofModel.filter((row) => row.operands === operands);
    const same = rates === "tuned" ? ofCast.filter(({isTuned}) => isTuned) : bestRates(ofCast);
    if (same.length === 0) return [];
    return [{name: title(same[0]), bits: same[0].weightBits, points: pointsOf(same)}];
  });
}

/** For each amount of text the runs with the learning rate whose mean loss is the lowest. */
function bestRates(rows: readonly CriticalRow[]): CriticalRow[] {
  return [...new Set(rows.map(({tokens}) => tokens))].flatMap((tokens) => {
    const ofText = rows.filter((row) => row.tokens === tokens);
    const byRate = [...new Set(ofText.map(({learningRate}) => learningRate))].map((rate) =>
      ofText.filter(({learningRate}) => learningRate === rate),
    );
    const meanLoss = (some: readonly CriticalRow[]) => mean(some.map(({loss}) => loss));
    return byRate.reduce((best, some) => (meanLoss(some) < meanLoss(best) ? some : best));
  });
}

function pointsOf(rows: readonly CriticalRow[]): TextPoint[] {
  const groups = new Map<number, CriticalRow[]>();
  for (const row of rows) groups.set(row.tokens, [...(groups.get(row.tokens) ?? []), row]);
  return [...groups]
    .map(([tokens, same]) => ({
      tokens,
      tokensPerParameter: tokens / same[0].parameters,
      loss: mean(same.map(({loss}) => loss)),
      rise: mean(same.map(({loss, referenceLoss}) => loss - (referenceLoss ?? loss))),
      rates: [...new Set(same.map(({learningRate}) => learningRate))],
      seeds: same.length,
    }))
    .sort((a, b) => a.tokens - b.tokens);
}

const mean = (values: readonly number[]): number =>
  values.reduce((sum, value) => sum + value, 0) / values.length;

/** The point of the lowest loss; one that is not the last has more text that did harm. */
export const lowest = (points: readonly TextPoint[]): TextPoint =>
  points.reduce((a, b) => (b.loss < a.loss ? b : a));

/** Whether some runs saw more text than the one of the lowest loss, and ended worse by more than `noise`. */
export const hasTurned = (points: readonly TextPoint[], noise = 0): boolean => {
  const best = lowest(points);
  return points.some(({tokens, loss}) => tokens > best.tokens && loss > best.loss + noise);
};

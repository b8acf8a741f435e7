import {deviation, group, median} from "d3";
import {bitNames, postTrainingBits, type RunBits, runBits} from "../src/sweeps/run-bits.js";
import {canonicalJson} from "../src/training/canonical-json.js";
import type {RunRecord} from "../src/training/run-record.js";
import type {RunSettings} from "../src/training/run-settings.js";
import {castKeys, isPlain} from "./cast-rises.js";

/** Published sweeps over bits, from which laws are fitted. */
export const lawSweeps = [
  "precision",
  "allocation",
  "exponent-mantissa",
  "targets",
  "block-size",
  "overtraining",
  "post-training",
  "real-text",
] as const;

/** One measured loss: of a run, or of its weights rounded after training. Bits are Infinity where nothing is rounded. */
export interface LawRow extends RunBits {
  readonly sweep: string;
  readonly run: string;
  readonly corpus: string;
  readonly seed: number;
  readonly learningRate: number;
  /** Whether no other rate tried in float32, for the same model on as much text, ends lower. */
  readonly isTuned: boolean;
  /** Entropy rate of the text in nats per token, where it is known. */
  readonly floor: number | null;
  /** Trained values, those of embedding and head among them. */
  readonly parameters: number;
  readonly tokens: number;
  /** Which operands are rounded in training: `P2 P4 P6`, `P1 P2 KV`; empty for none. */
  readonly operands: string;
  /** How weights were rounded after training. */
  readonly method: "none" | "nearest" | "gptq";
  /** Held-out, in nats per token. */
  readonly loss: number;
  /** Of the same run without casts; after training, of the run before. Null where there is none. */
  readonly referenceLoss: number | null;
  /**
   * Standard deviation of losses over seeds, in nats: the median over the settings that ran with several, or that of the
   * row's own settings where it is larger; null for a sweep of one seed.
   */
  readonly noise: number | null;
  /** The same of rises above the reference. */
  readonly riseNoise: number | null;
}

/** The measured points of a sweep. Runs that diverged have none, nor have those tried only to find a learning rate. */
export function lawRows(sweep: string, records: readonly RunRecord[]): LawRow[] {
  const finished = records.filter(({finalHeldOutLoss}) => finalHeldOutLoss !== null).map(comparable);
  const plain = finished.filter(({isPlain}) => isPlain);
  const references = new Map(plain.map(({withoutCasts, record}) => [withoutCasts, record.finalHeldOutLoss!]));
  const best = bestRates(plain);
  const isTuned = ({withoutRate, record}: Comparable) => {
    const rate = best.get(withoutRate);
    return rate === undefined || rate === record.settings.learningRate;
  };
  const needed = new Set(finished.filter(({isPlain}) => !isPlain).map(({withoutCasts}) => withoutCasts));
  const rows = finished.flatMap((run) => {
    const isOnlyTried = run.isPlain && !isTuned(run) && !needed.has(run.withoutCasts);
    if (isOnlyTried) return [];
    const {id, settings, floor, parameters, tokens, finalHeldOutLoss, postTraining} = run.record;
    const row = {
      ...{sweep, run: id, corpus: settings.corpus, seed: settings.seed, learningRate: settings.learningRate},
      ...{isTuned: isTuned(run), floor, parameters, tokens, operands: roundedOperands(settings)},
      ...runBits(settings),
    };
    return [
      {
        ...{...row, method: "none" as const, loss: finalHeldOutLoss!},
        referenceLoss: references.get(run.withoutCasts) ?? null,
      },
      ...postTraining
        .filter(({heldOutLoss}) => Number.isFinite(heldOutLoss))
        .map(({cast, method, heldOutLoss}) => ({
          ...{...row, method, postTrainingBits: postTrainingBits(cast)},
          ...{loss: heldOutLoss, referenceLoss: finalHeldOutLoss!},
        })),
    ];
  });
  const groups = new Map(rows.map((row) => [row, groupOf(row)]));
  const noise = spreads(rows, groups, ({loss}) => loss);
  const rises = rows.filter(({loss, referenceLoss}) => referenceLoss !== null && loss !== referenceLoss);
  const riseNoise = spreads(rises, groups, ({loss, referenceLoss}) => loss - referenceLoss!);
  return rows.map((row) => ({...row, noise: noise(row), riseNoise: riseNoise(row)}));
}

/** A run with what others are found by that it is compared with. */
interface Comparable {
  readonly record: RunRecord;
  readonly isPlain: boolean;
  /** What is the same in a run and in the one without casts that it is compared with. */
  readonly withoutCasts: string;
  /** What is the same in runs of one model on as much text. */
  readonly withoutRate: string;
}

const comparable = (record: RunRecord): Comparable => ({
  record,
  isPlain: isPlain(record.settings),
  withoutCasts: settingsWithout(record.settings, castKeys),
  withoutRate: settingsWithout(record.settings, [...castKeys, "learningRate", "seed"]),
});

const settingsWithout = (settings: RunSettings, keys: readonly (keyof RunSettings)[]): string =>
  canonicalJson({...settings, ...Object.fromEntries(keys.map((key) => [key, undefined]))});

/** What is the same in rows that differ by their seed alone. */
const groupOf = (row: Omit<LawRow, "noise" | "riseNoise">): string =>
  canonicalJson([
    ...[row.corpus, row.learningRate, row.parameters, row.tokens, row.operands, row.method],
    ...bitNames.map((name) => String(row[name])),
  ]);

/** The rate of the lowest loss, by all else; every one was tried with the first seed. */
function bestRates(plain: readonly Comparable[]): Map<string, number> {
  const best = new Map<string, RunRecord>();
  const firstSeed = Math.min(...plain.map(({record}) => record.settings.seed));
  for (const {record, withoutRate} of plain) {
    if (record.settings.seed !== firstSeed) continue;
    const before = best.get(withoutRate);
    if (!before || record.finalHeldOutLoss! < before.finalHeldOutLoss!) best.set(withoutRate, record);
  }
  return new Map([...best].map(([key, {settings}]) => [key, settings.learningRate]));
}

/** P1 to P6 of Sun et al., and KV. */
const operandNames = {
  forwardActivation: "P1",
  forwardWeight: "P2",
  inputGradientGradient: "P3",
  inputGradientWeight: "P4",
  weightGradientGradient: "P5",
  weightGradientActivation: "P6",
  key: "KV",
} as const;

function roundedOperands(settings: RunSettings): string {
  if (/^int\d+$/.test(settings.recipe)) return "P1 P2 KV";
  const names = Object.entries(operandNames).filter(
    ([key]) => !["recipe", "forward"].includes(settings[key as keyof typeof operandNames]),
  );
  return names.map(([, name]) => name).join(" ");
}

/** Standard deviation among the rows of a group of several, but not below the median over such groups. */
function spreads<Row>(
  rows: readonly Row[],
  groups: ReadonlyMap<Row, string>,
  number: (row: Row) => number,
): (row: Row) => number | null {
  const groupOf = (row: Row) => groups.get(row)!;
  const own = new Map([...group(rows, groupOf)].map(([key, members]) => [key, deviation(members, number)]));
  const usual = median([...own.values()].filter((value) => value !== undefined)) ?? null;
  return (row) => (usual === null ? null : Math.max(usual, own.get(groupOf(row)) ?? 0));
}

import type {Probe, RunRecord} from "../training/run-record.js";
import type {RunSettings} from "../training/run-settings.js";

/** Two values of one thing; null where a run does not have it. */
export interface Pair<T> {
  readonly a: T | null;
  readonly b: T | null;
}

/** In which settings, results and measurements two runs differ. Losses are in nats per token. */
export interface RunDifference {
  readonly ids: Pair<string>;
  /** Whether their final weights are the same, to the bit. */
  readonly isSame: boolean;
  readonly engine: Pair<string>;
  readonly settings: readonly (Pair<RunSettings[keyof RunSettings]> & {readonly key: string})[];
  readonly parameters: Pair<number>;
  readonly tokens: Pair<number>;
  readonly finalTrainingLoss: Pair<number>;
  readonly finalHeldOutLoss: Pair<number>;
  readonly diverged: Pair<RunRecord["diverged"]>;
  readonly seconds: Pair<number>;
  readonly curves: CurveDifference;
  /** What casts make of tensors that both runs probed at the same step, largest change of the signal-to-noise ratio first. */
  readonly casts: readonly CastDifference[];
  /** Spreads of such tensors, largest ratio first. */
  readonly spreads: readonly (Pair<number> & TensorPlace)[];
  /** Of the last measurement of each. */
  readonly gradientToNoise: Pair<number>;
  readonly skippedSteps: Pair<number>;
  /** Post-training casts, by their text. */
  readonly postTraining: readonly (Pair<number> & {readonly cast: string; readonly method: string})[];
}

export interface CurveDifference {
  /** Steps that both runs have done. */
  readonly steps: number;
  /** The first step, from 1, whose training losses differ; null where none does. */
  readonly parting: (Pair<number> & {readonly step: number}) | null;
  /** The step with the largest difference. */
  readonly largest: (Pair<number> & {readonly step: number}) | null;
}

export interface TensorPlace {
  readonly step: number;
  readonly layer: string;
  readonly tensor: string;
}

export interface CastDifference extends TensorPlace {
  readonly product: string;
  /** Σx² / Σ(Q(x) − x)². */
  readonly signalToNoise: Pair<number>;
  readonly underflow: Pair<number>;
  readonly overflow: Pair<number>;
}

export interface RunDifferenceOptions {
  /** Losses that agree in so many digits count as equal, for records whose losses were rounded to them. */
  readonly digits?: number;
}

export function runDifference(
  a: RunRecord,
  b: RunRecord,
  {digits = 17}: RunDifferenceOptions = {},
): RunDifference {
  const pair = <T>(read: (record: RunRecord) => T | null | undefined): Pair<T> => ({
    a: read(a) ?? null,
    b: read(b) ?? null,
  });
  return {
    ids: pair(({id}) => id),
    isSame: a.weightHash === b.weightHash,
    engine: pair(({engine}) => engine),
    settings: differingSettings(a.settings, b.settings),
    parameters: pair(({parameters}) => parameters),
    tokens: pair(({tokens}) => tokens),
    finalTrainingLoss: pair(({finalTrainingLoss}) => finalTrainingLoss),
    finalHeldOutLoss: pair(({finalHeldOutLoss}) => finalHeldOutLoss),
    diverged: pair(({diverged}) => diverged),
    seconds: pair(({timing}) => timing.seconds),
    curves: curveDifference(a.trainingLoss, b.trainingLoss, digits),
    ...probeDifferences(a.probes, b.probes),
    gradientToNoise: pair(({gradientToNoise}) => gradientToNoise[gradientToNoise.length - 1]?.ratio),
    skippedSteps: pair(({lossScaling}) => lossScaling.skippedSteps),
    postTraining: postTrainingDifferences(a, b),
  };
}

/** In the order of the settings; one that a record does not have, since it came later, is null. */
function differingSettings(a: RunSettings, b: RunSettings): RunDifference["settings"] {
  const keys = [...new Set([...Object.keys(a), ...Object.keys(b)])] as (keyof RunSettings)[];
  return keys.filter((key) => a[key] !== b[key]).map((key) => ({key, a: a[key] ?? null, b: b[key] ?? null}));
}

function curveDifference(a: readonly number[], b: readonly number[], digits: number): CurveDifference {
  const steps = Math.min(a.length, b.length);
  const at = (index: number) => ({step: index + 1, a: a[index], b: b[index]});
  const isEqual = (x: number, y: number) =>
    Object.is(x, y) || (digits < 17 && x.toPrecision(digits) === y.toPrecision(digits));
  let parting = -1;
  let largest = -1;
  for (let i = 0; i < steps; i++) {
    if (isEqual(a[i], b[i])) continue;
    if (parting < 0) [parting, largest] = [i, i];
    if (Math.abs(a[i] - b[i]) > Math.abs(a[largest] - b[largest])) largest = i;
  }
  return {
    steps,
    parting: parting < 0 ? null : at(parting),
    largest: largest < 0 ? null : at(largest),
  };
}

function probeDifferences(
  a: readonly Probe[],
  b: readonly Probe[],
): Pick<RunDifference, "casts" | "spreads"> {
  const placeOf = ({step, layer, tensor}: Probe): TensorPlace => ({step, layer, tensor});
  const others = new Map(b.map((probe) => [JSON.stringify(placeOf(probe)), probe]));
  const common = a.flatMap((probe) => {
    const other = others.get(JSON.stringify(placeOf(probe)));
    return other ? [{place: placeOf(probe), probe, other}] : [];
  });
  const spreads = common
    .map(({place, probe, other}) => ({...place, a: probe.spread, b: other.spread}))
    .filter((spread) => spread.a !== spread.b);
  const casts = common.flatMap(({place, probe, other}) => castDifferences(place, probe, other));
  return {
    casts: sortedBy(casts, ({signalToNoise}) => noiseRatio(signalToNoise)),
    spreads: sortedBy(spreads, ratio),
  };
}

function castDifferences(place: TensorPlace, a: Probe, b: Probe): CastDifference[] {
  const products = [...new Set([...a.casts, ...b.casts].map(({product}) => product))];
  return products.flatMap((product) => {
    const [one, two] = [a, b].map(({casts}) => casts.find((cast) => cast.product === product));
    const of = (key: "signalToNoise" | "underflow" | "overflow"): Pair<number> => ({
      a: one?.[key] ?? null,
      b: two?.[key] ?? null,
    });
    const difference = {
      ...{...place, product},
      ...{signalToNoise: of("signalToNoise"), underflow: of("underflow"), overflow: of("overflow")},
    };
    const isEqual = [difference.signalToNoise, difference.underflow, difference.overflow].every((pair) =>
      Object.is(pair.a, pair.b),
    );
    return isEqual ? [] : [difference];
  });
}

/** The larger signal-to-noise ratio over the smaller; what one run does not cast counts as free of noise. */
const noiseRatio = ({a, b}: Pair<number>): number =>
  ratio({a: Math.min(a ?? lossless, lossless), b: Math.min(b ?? lossless, lossless)});

/** A ratio beyond that of any cast, and still a number. */
const lossless = 1e30;

/** The larger over the smaller; infinite where one is zero. */
function ratio({a, b}: Pair<number>): number {
  if (a === null || b === null) return Number.POSITIVE_INFINITY;
  if (a === b) return 1;
  const quotient = Math.max(a, b) / Math.min(a, b);
  return Number.isNaN(quotient) ? Number.POSITIVE_INFINITY : quotient;
}

/** Largest value first. */
const sortedBy = <T>(items: readonly T[], value: (item: T) => number): T[] =>
  items
    .map((item) => ({item, value: value(item)}))
    .sort((x, y) => (x.value === y.value ? 0 : y.value - x.value))
    .map(({item}) => item);

function postTrainingDifferences(a: RunRecord, b: RunRecord): RunDifference["postTraining"] {
  const textOf = ({cast, method}: RunRecord["postTraining"][number]) => `${method} ${cast}`;
  const [of, otherOf] = [a, b].map(
    ({postTraining}) => new Map(postTraining.map((loss) => [textOf(loss), loss])),
  );
  return [...new Map([...of, ...otherOf])].map(([text, {cast, method}]) => ({
    ...{cast, method},
    a: of.get(text)?.heldOutLoss ?? null,
    b: otherOf.get(text)?.heldOutLoss ?? null,
  }));
}

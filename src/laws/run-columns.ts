import {closestName, nearestName, usageError} from "../errors.js";
import {printable} from "./printable.js";
import {type VariableName, variableNames} from "./variables.js";

/** What a column of a table can hold: a variable of the laws, or training compute in FLOPs, which gives the tokens. */
export type ColumnMeaning = VariableName | "compute";

export const columnMeanings: readonly ColumnMeaning[] = [...variableNames, "compute"];

/** Where a variable is found: by place and by the name in the table. */
interface MappedColumn {
  readonly index: number;
  readonly name: string;
}

export type ColumnMapping = Readonly<Partial<Record<ColumnMeaning, MappedColumn>>>;

/**
 * Names that columns have in tables of runs, without case, spaces and punctuation, the likeliest first. Single letters
 * are those of the papers; short ones stand last.
 */
const knownNames: Readonly<Record<ColumnMeaning, readonly string[]>> = {
  parameters: [
    ...["parameters", "params", "modelparameters", "modelparams", "nparameters", "nparams"],
    ...["numparameters", "numparams", "parametercount", "nonembeddingparameters", "nonembeddingparams"],
    ...["modelsize", "n"],
  ],
  tokens: [
    ...["tokens", "trainingtokens", "traintokens", "ntokens", "numtokens", "tokencount"],
    ...["datasetsize", "datasize", "trainingdata", "d"],
  ],
  weightBits: ["weightbits", "weightsbits", "bitsweights", "weightprecision", "wbits", "pw"],
  activationBits: ["activationbits", "activationsbits", "activationprecision", "abits", "pa"],
  cacheBits: ["cachebits", "kvcachebits", "kvbits", "kvprecision", "pkv"],
  gradientBits: ["gradientbits", "gradientsbits", "gradbits", "gradientprecision", "gbits", "pg"],
  exponentBits: ["exponentbits", "ebits", "exponent", "e"],
  mantissaBits: ["mantissabits", "mbits", "mantissa", "m"],
  blockSize: ["blocksize", "groupsize", "block", "b"],
  postTrainingBits: ["posttrainingbits", "postbits", "ptqbits", "ppost"],
  loss: [
    ...["loss", "heldoutloss", "finalheldoutloss", "finalloss", "validationloss", "finalvalidationloss"],
    ...["valloss", "finalvalloss", "evalloss", "testloss", "trainingloss", "finaltrainingloss", "trainloss"],
    "l",
  ],
  compute: ["compute", "trainingcompute", "trainingflop", "trainingflops", "flop", "flops", "c"],
};

const titles: Readonly<Partial<Record<ColumnMeaning, string>>> = {
  tokens: "tokens, nor compute from which they follow",
};

interface MapColumnsOptions {
  /** Names in the table by meaning, or places such as `#3`, which go before names that are recognized. */
  readonly columns?: Readonly<Record<string, string>>;
  /** What the table must have. */
  readonly needed: readonly VariableName[];
  /** What is looked for besides. */
  readonly wanted: readonly VariableName[];
}

/**
 * Finds the columns of a table of runs by their names. Tokens may be missing where there is compute.
 * @throws a usage error that names what is missing, unknown or ambiguous
 */
export function mapColumns(
  names: readonly string[],
  {columns = {}, needed, wanted}: MapColumnsOptions,
): ColumnMapping {
  const mapping: Partial<Record<ColumnMeaning, MappedColumn>> = {};
  for (const [meaning, name] of Object.entries(columns)) {
    mapping[meaningOf(meaning)] = namedColumn(names, meaning, name);
  }
  const keys = names.map(plainKey);
  const taken = new Set(Object.values(mapping).map(({index}) => index));
  for (const meaning of [...wanted, ...needed]) {
    mapping[meaning] ??= recognizedColumn(names, keys, meaning, taken);
  }
  if (mapping.tokens === undefined && [...wanted, ...needed].includes("tokens")) {
    mapping.compute ??= recognizedColumn(names, keys, "compute", taken);
  }
  const missing = needed.find(
    (name) => mapping[name] === undefined && !(name === "tokens" && mapping.compute !== undefined),
  );
  if (missing !== undefined) throw missingColumn(missing, names);
  return mapping;
}

function meaningOf(name: string): ColumnMeaning {
  const meaning = columnMeanings.find((candidate) => plainKey(candidate) === plainKey(name));
  if (meaning) return meaning;
  const near = nearestName(name, columnMeanings);
  throw usageError(
    `a column cannot stand for "${printable(name)}"${near ? `; did you mean ${near}?` : ""} (one of ${columnMeanings.join(", ")})`,
  );
}

function namedColumn(names: readonly string[], meaning: string, name: string): MappedColumn {
  const [, place] = /^#(\d+)$/.exec(name) ?? [];
  if (place !== undefined && !names.includes(name)) {
    const index = Number(place) - 1;
    if (index in names) return {index, name: names[index]};
    throw usageError(`${meaning}=${name}: the table has ${names.length} columns`);
  }
  return {index: columnIndex(names, name, `${meaning}=#`), name};
}

/**
 * The place of the column of that name; upper and lower case matter only where they tell columns apart.
 * @param byPlace how to name a column by its place, `loss=#`
 * @throws a usage error where there is none, or several
 */
export function columnIndex(names: readonly string[], name: string, byPlace: string): number {
  const trimmed = name.trim();
  const exact = placesOf(names, (candidate) => candidate.trim() === trimmed);
  const alike =
    exact.length > 0 ? exact : placesOf(names, (candidate) => plainKey(candidate) === plainKey(name));
  if (alike.length === 1) return alike[0];
  if (alike.length > 1) throw ambiguous(`column ${quoted(name)}`, names, alike, byPlace);
  const near = closestName(name, names, Math.max(2, Math.ceil(name.length / 2)));
  throw usageError(
    `the table has no column ${quoted(name)}${near ? `; did you mean ${quoted(near)}?` : ""} ${listOf(names)}`,
  );
}

function recognizedColumn(
  names: readonly string[],
  keys: readonly string[],
  meaning: ColumnMeaning,
  taken: Set<number>,
): MappedColumn | undefined {
  for (const known of knownNames[meaning]) {
    const places = placesOf(keys, (key, index) => key === known && !taken.has(index));
    if (places.length === 0) continue;
    if (places.length > 1) throw ambiguous(meaning, names, places, `${meaning}=#`);
    taken.add(places[0]);
    return {index: places[0], name: names[places[0]]};
  }
  return undefined;
}

const placesOf = <T>(values: readonly T[], isOne: (value: T, index: number) => boolean): number[] =>
  values.flatMap((value, index) => (isOne(value, index) ? [index] : []));

const ambiguous = (what: string, names: readonly string[], places: readonly number[], byPlace: string) =>
  usageError(
    `${what} can be several columns: ${places.map((place) => `${quoted(names[place])} (#${place + 1})`).join(", ")}; ` +
      `choose one by its place, as in ${byPlace}${places[0] + 1}`,
  );

function missingColumn(meaning: VariableName, names: readonly string[]) {
  const keys = knownNames[meaning];
  const near = names.find((name) =>
    nearestName(
      plainKey(name),
      keys.filter((key) => key.length > 2),
    ),
  );
  return usageError(
    `the table has no column for ${titles[meaning] ?? meaning}${near === undefined ? "" : `; is it ${quoted(near)}?`} ` +
      `Name it, as in ${meaning}=NAME ${listOf(names)}`,
  );
}

const listOf = (names: readonly string[]): string => {
  const shown = names.slice(0, 12).map(quoted).join(", ");
  return `(${names.length > 12 ? `${names.length} columns: ${shown}, …` : shown})`;
};

const quoted = (name: string): string => `"${printable(name)}"`;

/** Without case, spaces and punctuation: `Model Size` and `model_size` are the same. */
const plainKey = (name: string): string => name.toLowerCase().replaceAll(/[^\p{L}\p{N}]/gu, "");

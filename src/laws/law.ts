import {nearestName, usageError} from "../errors.js";
import type {Source} from "./source.js";
import {type Point, type VariableName, variables} from "./variables.js";

/** A number that a fit of the law finds. */
export interface Constant {
  readonly name: string;
  readonly symbol: string;
  readonly meaning: string;
  /** Bounds of a fit. */
  readonly lower: number;
  readonly upper: number;
  /** Above zero, and fitted as its logarithm. */
  readonly positive: boolean;
  /** The loss is linear in all the constants that say so, the others given. */
  readonly linear: boolean;
  /** Cannot be told apart from another constant: a fit holds it here unless it is asked to find it. */
  readonly held?: number;
  /** Values that a grid of starts takes, inside the bounds. */
  readonly starts: readonly number[];
}

export interface PublishedConstants {
  readonly name: string;
  /** By name of the constant; those in `unpublished` are missing. */
  readonly values: Readonly<Record<string, number>>;
  /** Constants of the law that the source does not give. */
  readonly unpublished?: readonly string[];
  readonly standardErrors?: Readonly<Record<string, number>>;
  /** Of 95 % confidence. */
  readonly intervals?: Readonly<Record<string, readonly [number, number]>>;
  /** Where it was fitted: from the smallest to the largest value. */
  readonly domain: Readonly<Partial<Record<VariableName, readonly [number, number]>>>;
  readonly source: Source;
  readonly note?: string;
}

/** What follows from the constants alone, such as an exponent of the best N. */
export interface Derived {
  readonly name: string;
  readonly symbol: string;
  readonly meaning: string;
  /** `constants` in the order of the law's; NaN where it does not exist. */
  readonly of: (constants: ArrayLike<number>) => number;
}

/** One summand of the loss: `coefficient` times one function for each variable, or pair of them, that it depends on. */
export interface Term {
  readonly title: string;
  readonly coefficient: number;
  readonly factors: Readonly<Partial<Record<VariableName, (value: number) => number>>>;
  readonly pairs?: readonly PairFactor[];
}

interface PairFactor {
  readonly of: readonly [VariableName, VariableName];
  readonly at: (first: number, second: number) => number;
}

export interface Law {
  readonly name: string;
  readonly title: string;
  /** As text, and for KaTeX. */
  readonly formula: string;
  readonly tex: string;
  readonly source: Source;
  /** A form of our own, which no paper has published. */
  readonly own: boolean;
  /** In the order of `inputs`. */
  readonly variables: readonly VariableName[];
  /** In the order of `constants`. */
  readonly constants: readonly Constant[];
  /** Groups of constants that the source holds equal. */
  readonly tied?: readonly (readonly string[])[];
  readonly published: readonly PublishedConstants[];
  /**
   * Loss in nats per token at `inputs`. `gradient`, if given, is filled with the exact derivatives by the constants.
   * NaN where the form has no value; the gradient is meaningless there. Allocates nothing.
   */
  readonly evaluate: (
    constants: ArrayLike<number>,
    inputs: ArrayLike<number>,
    gradient?: Float64Array,
  ) => number;
  /** The loss as a sum of products of functions of one or two variables each, for forms that are such a sum. */
  readonly terms?: (constants: ArrayLike<number>) => readonly Term[];
  readonly derived: readonly Derived[];
}

/** Values of constants by name, such as `PublishedConstants.values`. */
export type ConstantValues = Readonly<Record<string, number>>;

/**
 * The constants in the law's order.
 * @throws a usage error that names a missing or an unknown one
 */
export function constantsOf(law: Law, values: ConstantValues): Float64Array {
  const names = law.constants.map(({name}) => name);
  for (const name of Object.keys(values)) {
    if (names.includes(name)) continue;
    const near = nearestName(name, names);
    throw usageError(
      `${law.name} has no constant "${name}"${near ? `; did you mean ${near}?` : ""} (${names.join(", ")})`,
    );
  }
  return Float64Array.from(names, (name) => {
    if (Object.hasOwn(values, name)) return values[name];
    throw usageError(`${law.name} needs the constant ${name}`);
  });
}

/** Constants in the law's order as a record by name. */
export const valuesByName = (law: Law, constants: ArrayLike<number>): Record<string, number> =>
  Object.fromEntries(law.constants.map(({name}, i) => [name, constants[i]]));

/**
 * The point's values in the law's order; what the point leaves out is not rounded.
 * @throws a usage error that names a missing variable, for those that cannot be left out
 */
export const inputsOf = (law: Law, point: Point): Float64Array =>
  Float64Array.from(law.variables, (name) => {
    const value = point[name] ?? variables[name].without;
    if (value === undefined) throw usageError(`${law.name} needs ${name}`);
    return value;
  });

/** Loss in nats per token; NaN where the form has no value. */
export const lossAt = (law: Law, values: ConstantValues, point: Point): number =>
  law.evaluate(constantsOf(law, values), inputsOf(law, point));

/** The variables of `point` that lie outside the range in which the constants were fitted. */
export const outsideDomain = (published: PublishedConstants, point: Point): VariableName[] =>
  (Object.keys(published.domain) as VariableName[]).filter((name) => {
    const value = point[name] ?? variables[name].without;
    const [from, to] = published.domain[name]!;
    return value !== undefined && value !== variables[name].without && !(value >= from && value <= to);
  });

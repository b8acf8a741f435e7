import {nearestName, usageError} from "../errors.js";
import type {Constant, Law} from "./law.js";

/** What a fit may be told about its constants. */
export interface ConstantOptions {
  /** Constants that keep a value. */
  readonly fixed?: Readonly<Record<string, number>>;
  /** Groups of constants that are held equal; by default those that the law's source holds equal. */
  readonly tied?: readonly (readonly string[])[];
  /** Other bounds than the law's. */
  readonly bounds?: Readonly<Record<string, readonly [number, number]>>;
}

/**
 * Positive constants whose bounds lie farther apart than this factor, the coefficients of powers, are moved as logarithms.
 * Exponents and the floor are not: valleys are straighter so, and a floor that vanishes reaches its bound.
 */
const manyOrders = 1e8;

/** One number that the search moves: a constant, or several that are tied. */
interface Coordinate {
  readonly names: readonly string[];
  /** Places of its constants in the law's order. */
  readonly places: readonly number[];
  /** The search moves the logarithm. */
  readonly logarithmic: boolean;
  readonly linear: boolean;
  /** Bounds of the coordinate, that is, of logarithms where it is one. */
  readonly lower: number;
  readonly upper: number;
  /** Values of the coordinate that starts are made of. */
  readonly starts: readonly number[];
}

export interface Coordinates {
  readonly free: readonly Coordinate[];
  /** Values of fixed constants by place; NaN for free ones. */
  readonly fixed: Float64Array;
}

/** @throws usage errors for unknown names, values outside their range, and ties that contradict each other */
export function coordinatesOf(law: Law, options: ConstantOptions = {}): Coordinates {
  const {fixed = {}, bounds = {}} = options;
  for (const name of [...Object.keys(fixed), ...Object.keys(bounds), ...(options.tied ?? []).flat()])
    constantOf(law, name);
  const groups = tiedGroups(law, options.tied ?? law.tied ?? []);
  const values = new Float64Array(law.constants.length).fill(Number.NaN);
  const free: Coordinate[] = [];
  for (const places of groups) {
    const constants = places.map((place) => law.constants[place]);
    const value = fixedValue(constants, fixed);
    if (value === undefined) free.push(coordinate(constants, places, bounds));
    else for (const place of places) values[place] = value;
  }
  return {free, fixed: values};
}

/** @throws a usage error that names the nearest constant */
function constantOf(law: Law, name: string): Constant {
  const found = law.constants.find((constant) => constant.name === name);
  if (found) return found;
  const names = law.constants.map((constant) => constant.name);
  const near = nearestName(name, names);
  throw usageError(
    `${law.name} has no constant "${name}"${near ? `; did you mean ${near}?` : ""} (${names.join(", ")})`,
  );
}

/** Places of constants that go together, in the law's order. */
function tiedGroups(law: Law, tied: readonly (readonly string[])[]): number[][] {
  const seen = new Set<string>();
  for (const name of tied.flat()) {
    if (seen.has(name)) throw usageError(`${name} is tied twice`);
    seen.add(name);
  }
  const groups: number[][] = [];
  law.constants.forEach(({name}, place) => {
    const group = tied.find((names) => names.includes(name)) ?? [name];
    const places = law.constants.flatMap((constant, i) => (group.includes(constant.name) ? [i] : []));
    if (places[0] === place) groups.push(places);
  });
  return groups;
}

function fixedValue(
  constants: readonly Constant[],
  fixed: Readonly<Record<string, number>>,
): number | undefined {
  const given = constants.filter(({name}) => Object.hasOwn(fixed, name));
  if (!given.length) return undefined;
  const values = new Set(given.map(({name}) => fixed[name]));
  const names = given.map(({name}) => name);
  if (values.size > 1)
    throw usageError(`${names.join(" and ")} are tied and cannot be fixed to different values`);
  const value = fixed[names[0]];
  if (!Number.isFinite(value) || (value <= 0 && given.some(({positive}) => positive)))
    throw usageError(`${names[0]} cannot be fixed to ${value}: it has to be ${wanted(given[0])}`);
  return value;
}

const wanted = ({positive}: Constant) => (positive ? "a number above 0" : "a finite number");

function coordinate(
  constants: readonly Constant[],
  places: readonly number[],
  bounds: Readonly<Record<string, readonly [number, number]>>,
): Coordinate {
  const names = constants.map(({name}) => name);
  const ranges = constants.map((constant) => boundsOf(constant, bounds[constant.name]));
  const lower = Math.max(...ranges.map(([from]) => from));
  const upper = Math.min(...ranges.map(([, to]) => to));
  if (!(lower < upper)) throw usageError(`${names.join(" and ")} are tied but their bounds do not overlap`);
  const logarithmic = constants.every(({positive}) => positive) && upper > manyOrders * lower;
  const of = (value: number) => (logarithmic ? Math.log(value) : value);
  const inside = constants[0].starts.filter((value) => value >= lower && value <= upper);
  return {
    ...{names, places, logarithmic, lower: of(lower), upper: of(upper)},
    linear: constants.every(({linear}) => linear),
    starts: (inside.length ? inside : [lower + (upper - lower) / 2]).map(of),
  };
}

function boundsOf(constant: Constant, given?: readonly [number, number]): readonly [number, number] {
  if (!given) return [constant.lower, constant.upper];
  const [from, to] = given;
  if (!(from < to) || !Number.isFinite(from) || !Number.isFinite(to) || (constant.positive && from <= 0))
    throw usageError(
      `bounds of ${constant.name} have to be two numbers${constant.positive ? " above 0" : ""}, the smaller first, not ${from} and ${to}`,
    );
  return given;
}

/** Fills in the constants at a point of the search. */
export function fillConstants(
  {free, fixed}: Coordinates,
  point: ArrayLike<number>,
  constants: Float64Array,
): void {
  constants.set(fixed);
  for (let j = 0; j < free.length; j++) {
    const value = free[j].logarithmic ? Math.exp(point[j]) : point[j];
    for (const place of free[j].places) constants[place] = value;
  }
}

/** The point of the search at which the law has these constants, inside the bounds. */
export const pointAt = ({free}: Coordinates, constants: ArrayLike<number>): Float64Array =>
  Float64Array.from(free, ({places, logarithmic, lower, upper}) => {
    const value = constants[places[0]];
    return Math.min(upper, Math.max(lower, logarithmic ? Math.log(value) : value));
  });

import {inputsOf, type Law, type Term} from "./law.js";
import type {Point, VariableName} from "./variables.js";

export interface Axis {
  readonly variable: VariableName;
  readonly values: ArrayLike<number>;
}

export interface Grid {
  readonly x: Axis;
  readonly y: Axis;
  /** The variables that neither axis has; what it leaves out is not rounded. */
  readonly rest: Point;
}

/**
 * The law's loss at all points of a grid: rows of equal y one after the other, NaN where the form has no value. A variable
 * that the law does not have changes nothing. Where the law is a sum of products, each function is computed once a row or
 * column: 200 × 200 points take less than a frame.
 *
 * @param constants in the law's order
 * @param losses filled and returned if given, of length x · y
 * @throws a usage error that names a missing variable
 */
export function evaluateGrid(
  law: Law,
  constants: ArrayLike<number>,
  grid: Grid,
  losses = new Float64Array(grid.x.values.length * grid.y.values.length),
): Float64Array {
  const {x, y, rest} = grid;
  const somewhere = {...rest, [x.variable]: x.values[0], [y.variable]: y.values[0]};
  const inputs = inputsOf(law, somewhere);
  if (law.terms) return sumTerms(law.terms(constants), grid, nameInputs(law, inputs), losses);
  const [xAt, yAt] = [law.variables.indexOf(x.variable), law.variables.indexOf(y.variable)];
  for (let row = 0, at = 0; row < y.values.length; row++) {
    if (yAt >= 0) inputs[yAt] = y.values[row];
    for (let column = 0; column < x.values.length; column++, at++) {
      if (xAt >= 0) inputs[xAt] = x.values[column];
      losses[at] = law.evaluate(constants, inputs);
    }
  }
  return losses;
}

const nameInputs = (law: Law, inputs: ArrayLike<number>): Point =>
  Object.fromEntries(law.variables.map((name, i) => [name, inputs[i]]));

function sumTerms(terms: readonly Term[], {x, y}: Grid, point: Point, losses: Float64Array): Float64Array {
  losses.fill(0);
  const isAxis = (name: VariableName) => name === x.variable || name === y.variable;
  for (const {coefficient, factors, pairs = []} of terms) {
    let constant = coefficient;
    for (const name of Object.keys(factors) as VariableName[]) {
      if (!isAxis(name)) constant *= factors[name]!(point[name]!);
    }
    const alongX = Float64Array.from(x.values, factors[x.variable] ?? one);
    const alongY = Float64Array.from(y.values, factors[y.variable] ?? one);
    const both: ((x: number, y: number) => number)[] = [];
    for (const {of, at} of pairs) {
      const [first, second] = of;
      if (isAxis(first) && isAxis(second)) both.push(first === x.variable ? at : (x, y) => at(y, x));
      else if (isAxis(first)) multiply(first, (value) => at(value, point[second]!));
      else if (isAxis(second)) multiply(second, (value) => at(point[first]!, value));
      else constant *= at(point[first]!, point[second]!);
    }
    for (let row = 0, place = 0; row < alongY.length; row++) {
      const ofRow = constant * alongY[row];
      for (let column = 0; column < alongX.length; column++, place++) {
        let product = ofRow * alongX[column];
        for (let i = 0; i < both.length; i++) product *= both[i](x.values[column], y.values[row]);
        losses[place] += product;
      }
    }

    function multiply(name: VariableName, factor: (value: number) => number): void {
      const [along, values] = name === x.variable ? [alongX, x.values] : [alongY, y.values];
      for (let i = 0; i < along.length; i++) along[i] *= factor(values[i]);
    }
  }
  return losses;
}

const one = () => 1;

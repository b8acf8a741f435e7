import {type ConstantValues, inputsOf, type Law} from "./law.js";
import {rootOf} from "./solve.js";
import {type Point, type VariableName, variables} from "./variables.js";

/**
 * How many parameters have the same loss without rounding, numerically, between `from` and `to`; NaN where none have.
 * For the precision law that is N_eff = N·∏ factors, for the floating-point law
 * N/(1 + D^β·log2 B/(n·γ·(E+½)^δ·(M+½)^ν))^(1/α), which falls with D.
 *
 * @param constants in the law's order
 */
export function effectiveParameters(
  law: Law,
  constants: ArrayLike<number>,
  point: Point,
  {from = 1e-6, to = 1e24}: {readonly from?: number; readonly to?: number} = {},
): number {
  const plain = Object.fromEntries(
    Object.entries(point).filter(([name]) => variables[name as VariableName].without === undefined),
  );
  const loss = law.evaluate(constants, inputsOf(law, point));
  return isoLoss(law, constants, plain, {variable: "parameters", loss, from, to});
}

/** The floating-point law's effective parameters in closed form (Sun et al., section 4). */
export function floatingPointEffectiveParameters(
  {n, alpha, beta, gamma, delta, nu}: ConstantValues,
  point: Required<Pick<Point, "parameters" | "tokens" | "exponentBits" | "mantissaBits" | "blockSize">>,
): number {
  const worth = (point.exponentBits + 0.5) ** delta * (point.mantissaBits + 0.5) ** nu;
  const added = (point.tokens ** beta * Math.log2(point.blockSize)) / (n * gamma * worth);
  return point.parameters / (1 + added) ** (1 / alpha);
}

/**
 * N_eff/N that measured losses say, by A and α of the law: f = ((L(P) - L(∞))/A + N^-α)^(-1/α)/N (Kumar et al.,
 * figure 15).
 */
export function measuredShare(
  {A, alpha}: ConstantValues,
  {parameters, loss, plainLoss}: Readonly<Record<"parameters" | "loss" | "plainLoss", number>>,
): number {
  return ((loss - plainLoss) / A + parameters ** -alpha) ** (-1 / alpha) / parameters;
}

export interface IsoLossQuestion {
  readonly variable: VariableName;
  readonly loss: number;
  readonly from: number;
  readonly to: number;
}

/**
 * The value of one variable at which the law has the given loss, the others as in `point`; NaN where it has it nowhere
 * between `from` and `to`. The loss has to be on different sides at the two ends; a value without loss at the lower end,
 * too few bits, counts as too large a loss.
 */
export function isoLoss(
  law: Law,
  constants: ArrayLike<number>,
  point: Point,
  {variable, loss, from, to}: IsoLossQuestion,
): number {
  const inputs = inputsOf(law, {...point, [variable]: from});
  const place = law.variables.indexOf(variable);
  if (place < 0) return Number.NaN;
  const isLog = variables[variable].scale === "log";
  const scaled = rootOf(
    (at) => {
      inputs[place] = isLog ? Math.exp(at) : at;
      const here = law.evaluate(constants, inputs);
      return Number.isNaN(here) ? 1 : here - loss;
    },
    ...(isLog ? ([Math.log(from), Math.log(to)] as const) : ([from, to] as const)),
  );
  return isLog ? Math.exp(scaled) : scaled;
}

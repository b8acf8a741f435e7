import {type VariableName, variables} from "../src/laws/variables.js";
import type {Axis, AxisName} from "./surface-axis.js";

/** The axis of a variable, with the range that suits a scale. */
export function axisNamed(
  name: VariableName,
  range: readonly [number, number] = variables[name].range,
): Axis {
  const {symbol, title, scale, integer = false} = variables[name];
  return {name: name as AxisName, symbol, title, scale, integer, range};
}

/** The axis of bits that all operands have together. */
export const togetherAxis = (range: readonly [number, number] = [2, 16]): Axis => ({
  name: "bits",
  symbol: "P",
  title: "Bits of everything",
  scale: "linear",
  integer: true,
  range,
});

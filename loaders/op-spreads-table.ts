import * as aq from "arquero";
import {createKernels, type Kernels} from "../src/kernels/kernels.js";
import {unit} from "../src/schemes/unit.js";
import {elementaryOps, measureElementary} from "./elementary-spreads.js";
import {measureOp, type OpCase, opCases, opShape, type Spreads} from "./op-spreads.js";

/** Values that the elementary ops are measured with. */
const elementaryCount = 65_536;

export const opWidths = [32, 64, 128, 256, 512, 1024, 2048];

/**
 * The standard deviation of everything that an op writes, for inputs, weights and gradients from above that are normal
 * with spread 1: op, pass ("output", "input gradient" or "NAME gradient" of a parameter), width, without any constant
 * (plain, plain_theory) and with those of unit scaling (scaled, scaled_theory).
 */
export async function opSpreadsTable(widths: readonly number[] = opWidths) {
  const kernels = await createKernels();
  const scheme = unit({residual: "fixed", residualWeight: 0.5, constraint: "geometric-mean"});
  const rows = widths.flatMap((width) => {
    const memory = kernels.mark();
    const shape = opShape(width);
    const inputs = drawInputs(kernels, shape.batch * shape.context, {vocabulary: shape.vocabulary, width});
    const measured = opCases(scheme, shape, inputs).flatMap((op) =>
      rowsOf(kernels, op, shape.batch * shape.context, width),
    );
    kernels.release(memory);
    return [...measured, ...elementaryOps.flatMap((op) => elementaryRows(kernels, op, width))];
  });
  return aq.from(rows);
}

function rowsOf(kernels: Kernels, op: OpCase, rows: number, width: number) {
  const plain = passes(measureOp(kernels, op, rows, false));
  const scaled = passes(measureOp(kernels, op, rows, true));
  const constants = passes(op.constants);
  return [...passes(op.theory)].map(([pass, theory]) => ({
    ...{op: op.op, pass, width},
    ...{plain: plain.get(pass)!, plain_theory: theory},
    ...{scaled: scaled.get(pass)!, scaled_theory: theory * constants.get(pass)!},
  }));
}

/** Rows of the elementary ops, whose factors multiply what was measured. */
function elementaryRows(kernels: Kernels, op: (typeof elementaryOps)[number], width: number) {
  const measured = passes(measureElementary(kernels, op, elementaryCount / width, width));
  return [...passes(op.factors(width))].map(([pass, factor]) => {
    const plain = measured.get(pass)!;
    return {
      ...{op: op.op, pass, width},
      ...{plain, plain_theory: 1 / factor, scaled: plain * factor, scaled_theory: 1},
    };
  });
}

function passes({output, inputGradient, parameterGradients = {}}: Spreads): Map<string, number> {
  const all = [
    ["output", output],
    ["input gradient", inputGradient],
    ...Object.entries(parameterGradients).map(([name, value]) => [`${name} gradient`, value]),
  ] as [string, number | undefined][];
  return new Map(all.filter((entry): entry is [string, number] => entry[1] !== undefined));
}

/** Tokens for the embedding and classes for the loss, each as likely as any other. */
function drawInputs(
  kernels: Kernels,
  count: number,
  {vocabulary, width}: {vocabulary: number; width: number},
) {
  const [tokens, targets] = [kernels.allocate(count * 4), kernels.allocate(count * 4)];
  const draw = (stream: number, among: number) =>
    Int32Array.from({length: count}, (_, i) =>
      Math.floor((kernels.roundingBits(1, stream, 0, i) / 2 ** 32) * among),
    );
  kernels.int32(tokens, count).set(draw(10, vocabulary));
  kernels.int32(targets, count).set(draw(11, width));
  return {tokens, targets};
}

import {createKernels} from "../src/kernels/kernels.js";
import {quantize, quantizer} from "../src/precision/quantizer.js";
import {type MatrixUnit, parseUnit, resolveUnit} from "../src/precision/units/matrix-units.js";
import {operandFormat} from "../src/precision/units/operands.js";
import {multiplyByUnit, unitScratchBytes} from "../src/precision/units/unit-product.js";
import {type Candidate, repeated} from "./measure.js";
import {gigaflop, type Product} from "./product.js";

/** A matrix unit on standard normal operands, and the plain product of the same matrices. */
export async function unitAndPlain(
  name: string,
  type: string,
  {m, n, k}: Product,
): Promise<[Candidate, Candidate]> {
  const kernels = await createKernels();
  const {arithmetic} = resolveUnit(parseUnit(name) as MatrixUnit, {a: type, b: type});
  const toOperand = quantizer(operandFormat(type));
  const operand = (length: number, stream: number) => {
    const address = kernels.allocate(4 * length);
    kernels.randomNormal(address, length, 0, 1, 3, stream, 0);
    quantize(kernels, toOperand, address, address, length);
    return address;
  };
  const [a, b] = [operand(m * k, 1), operand(k * n, 2)];
  const c = kernels.allocate(4 * m * n);
  const scratch = kernels.allocate(unitScratchBytes(kernels, arithmetic, {m, n, k}));
  return [
    repeated(name, "GFLOP/s", gigaflop({m, n, k}), () =>
      multiplyByUnit(kernels, arithmetic, {m, n, k, a, lda: k, b, ldb: n, c, ldc: n}, scratch),
    ),
    repeated("plain", "GFLOP/s", gigaflop({m, n, k}), () =>
      kernels.gemm(0, 0, m, n, k, a, k, b, n, c, n, 1, 0),
    ),
  ];
}

// Compares the models of matrix units with recordings of tensor cores and prints the outcome as JSON, which
// data/tensor-core-checks.json keeps: of these recordings the fixtures of the tests are a part.
//
//     npx tsx tools/reference/check-tensor-cores.ts recorded=H100.bin.gz recorded=H200.bin.gz published=ALL.bin.gz
//
// Bundles are made by tensor_core_fixtures.py.
import {pathToFileURL} from "node:url";
import {createKernels, type Kernels} from "../../src/kernels/kernels.js";
import {unitDot} from "../../src/kernels/reference/unit-gemm.js";
import {matmul} from "../../src/precision/units/matmul.js";
import {type MatrixUnit, parseUnit, resolveUnit} from "../../src/precision/units/matrix-units.js";
import {operandFormat, operandValues} from "../../src/precision/units/operands.js";
import {
  type MatrixCase,
  matrixCases,
  publishedCases,
  type Recording,
  type RowsCase,
} from "../../test/fixtures/tensor-core/load.js";

/** Recordings of one GPU, unit and output, and how many of their values the model misses. */
interface Check {
  readonly source: string;
  readonly gpu: string;
  readonly unit: string;
  readonly output: string;
  readonly operands: Set<string>;
  recordings: number;
  values: number;
  mismatches: number;
}

const kernels = await createKernels();
const checks = new Map<string, Check>();
for (const argument of process.argv.slice(2)) {
  const [source, file] = argument.split("=");
  const url = pathToFileURL(file);
  if (source === "published") for (const recorded of publishedCases(url)) checkRows(recorded);
  else for (const recorded of matrixCases(url)) checkMatrices(kernels, recorded);
}
const rows = [...checks.values()].map((check) => ({...check, operands: [...check.operands].sort()}));
process.stdout.write(`${JSON.stringify(rows, null, 2)}\n`);

function checkRows(recorded: RowsCase): void {
  const [a, b] = [operands(recorded.a, recorded.aType), operands(recorded.b, recorded.bType)];
  const {k} = recorded;
  for (const recording of recorded.recordings) {
    const {unit, output, c} = recording;
    const query = {a: recorded.aType, b: recorded.bType, output};
    const {arithmetic} = resolveUnit(parseUnit(unit) as MatrixUnit, query);
    const row = (values: Float32Array, i: number) => values.subarray(i * k, i * k + k);
    const computed = Float32Array.from({length: recorded.rows}, (_, i) =>
      unitDot(row(a, i), row(b, i), c?.[i] ?? 0, arithmetic),
    );
    count("published", recorded, recording, computed);
  }
}

function checkMatrices(kernels: Kernels, recorded: MatrixCase): void {
  const {m, k, n, aType, bType} = recorded;
  const [a, b] = [operands(recorded.a, aType), operands(recorded.b, bType)];
  for (const recording of recorded.recordings) {
    const {unit, output, promotion, c} = recording;
    const computed = matmul(kernels, unit, {m, k, n, a, b, c}, {aType, bType, output, promotion});
    count("recorded", recorded, recording, computed);
  }
}

function operands(codes: ArrayLike<number>, type: string): Float32Array {
  return operandValues(codes, operandFormat(type));
}

function count(
  source: string,
  {gpu, aType, bType}: MatrixCase | RowsCase,
  {unit, output, result}: Recording,
  computed: Float32Array,
): void {
  const name = gpu.replace(/^NVIDIA /, "");
  const key = [source, name, unit, output].join(" ");
  const fresh = {source, gpu: name, unit, output, operands: new Set<string>()};
  const check = checks.get(key) ?? {...fresh, recordings: 0, values: 0, mismatches: 0};
  checks.set(key, check);
  check.operands.add(`${aType} ${bType}`);
  check.recordings++;
  check.values += result.length;
  check.mismatches += result.filter((value, i) => !Object.is(value, computed[i])).length;
}

import {readdirSync, readFileSync, writeFileSync} from "node:fs";
import {join} from "node:path";
import {describe, expect, test} from "vitest";
import {createKernels} from "../../src/kernels/kernels.js";
import {matmul} from "../../src/precision/units/matmul.js";
import {matrixUnits} from "../../src/precision/units/matrix-units.js";
import {operandFormat, operandValues} from "../../src/precision/units/operands.js";
import {type MatrixCase, matrixCases} from "../fixtures/tensor-core/load.js";
import {bitscape, temporaryFolder} from "./bitscape.js";

const folder = temporaryFolder();
let files = 0;

function file(bytes: Uint8Array): string {
  const path = join(folder, `${files++}.bin`);
  writeFileSync(path, bytes);
  return path;
}

const floatFile = (values: ArrayLike<number>) => file(new Uint8Array(Float32Array.from(values).buffer));
const floatsOf = (bytes: Buffer) => [...new Float32Array(Uint8Array.from(bytes).buffer)];

function codeFile(codes: ArrayLike<number>, type: string): string {
  const words = type === "tf32" ? Uint32Array : type.endsWith("16") ? Uint16Array : Uint8Array;
  return file(new Uint8Array(words.from(codes).buffer));
}

const product = ({a, aType, b, bType, m, k, n}: MatrixCase): string[] => [
  ...["matmul", "--a", codeFile(a, aType), "--a-type", aType, "--b", codeFile(b, bType), "--b-type", bType],
  ...["--m", `${m}`, "--k", `${k}`, "--n", `${n}`],
];

/** A product of small numbers in any format that has them: [1, 2, 3] by [4, 5, 6]. */
const small = (...rest: string[]): string[] => [
  ...[
    "matmul",
    "--a",
    floatFile([1, 2, 3]),
    "--a-type",
    "fp32",
    "--b",
    floatFile([4, 5, 6]),
    "--b-type",
    "fp32",
  ],
  ...["--m", "1", "--k", "3", "--n", "1", ...rest],
];

describe("bitscape matmul", () => {
  const recorded = [...matrixCases("h200"), ...matrixCases("h200-wide")];
  const names = [
    ...["e4m3xe4m3-k512", "edge-special-e5m2xe4m3-k256", "fp16xfp16-wide-k32", "tf32xtf32-middle-k96"],
  ];

  test.each(names)("gives what an H200 gave: %s", async (name) => {
    const found = recorded.find((recorded) => recorded.name === name)!;
    for (const {unit, output, promotion, c, result} of found.recordings.slice(0, 4)) {
      const path = join(folder, "out.f32");
      const {code, stderr, stdout} = await bitscape([
        ...[...product(found), "--unit", unit, "--output", output, ...(c ? ["--c", floatFile(c)] : [])],
        ...[...(promotion ? ["--promotion", `${promotion}`] : []), path],
      ]);
      expect({code, stderr, stdout: stdout.length}).toEqual({code: 0, stderr: "", stdout: 0});
      expect(floatsOf(readFileSync(path)), `${unit} to ${output}`).toEqual([...result]);
    }
  });

  test("writes to stdout, by any unit as the library computes", async () => {
    const kernels = await createKernels();
    const [m, k, n] = [3, 45, 4];
    const codes = (length: number) => Array.from({length}, (_, i) => (i * 37) % 120);
    const [a, b] = [codes(m * k), codes(k * n)];
    const format = operandFormat("e4m3");
    const input = {m, k, n, a: operandValues(a, format), b: operandValues(b, format)};
    for (const unit of ["ada-mma", "h100-cublaslt-fast", "exact"]) {
      const {stdout} = await bitscape([
        ...["matmul", "--unit", unit, "--a", codeFile(a, "e4m3"), "--a-type", "e4m3"],
        ...[
          "--b",
          codeFile(b, "e4m3"),
          "--b-type",
          "float8_e4m3fn",
          "--m",
          "3",
          "--k",
          "45",
          "--n",
          "4",
          "-",
        ],
      ]);
      expect(floatsOf(stdout)).toEqual([...matmul(kernels, unit, input, {aType: "e4m3"})]);
    }
  });

  test("accumulates in any format: bf16 swallows what is added to 256", async () => {
    const count = 300;
    const ones = floatFile(Array.from({length: count}, () => 1));
    const sum = async (...options: string[]) => {
      const {stdout, stderr} = await bitscape([
        ...["matmul", "--a", ones, "--a-type", "fp32", "--b", ones, "--b-type", "fp32"],
        ...["--m", "1", "--k", `${count}`, "--n", "1", ...options],
      ]);
      expect(stderr).toBe("");
      return floatsOf(stdout)[0];
    };
    expect(await sum("--accumulator", "bf16")).toBe(256);
    expect(await sum("--accumulator", "bf16", "--fused")).toBe(256);
    expect(await sum("--accumulator", "bf16", "--promotion", "100")).toBe(300);
    expect(await sum("--accumulator", "bf16", "--order", "pairwise", "--block", "512")).toBe(300);
    expect(await sum("--accumulator", "bf16", "--order", "blocked", "--block", "50")).toBe(300);
    expect(await sum("--accumulator", "bf16", "--order", "blocked", "--block", "1", "--outer", "bf16")).toBe(
      256,
    );
    expect(await sum("--accumulator", "bf16", "--compensated")).toBe(300);
    expect(await sum("--accumulator", "fp32", "--product", "e5m2")).toBe(300);
    const stochastic = ["--accumulator", "bf16", "--rounding", "stochastic", "--seed"];
    expect(await sum(...stochastic, "1")).toBe(await sum(...stochastic, "1"));
    expect(await sum(...stochastic, "1")).toBeGreaterThan(256);
  });

  test("accumulates integers in a register that wraps or saturates", async () => {
    const codes = file(Uint8Array.of(127, 127, 0x80, 3));
    const sum = async (...options: string[]) =>
      floatsOf(
        (
          await bitscape([
            ...["matmul", "--a", codes, "--a-type", "int8", "--b", codes, "--b-type", "int8"],
            ...["--m", "1", "--k", "4", "--n", "1", "--accumulator-bits", ...options],
          ])
        ).stdout,
      )[0];
    const exact = 127 * 127 + 127 * 127 + 128 * 128 + 9;
    expect(await sum("32")).toBe(exact);
    expect(await sum("16")).toBe(exact - 65536);
    expect(await sum("16", "--overflow", "saturate")).toBe(32767);
  });

  test("starts from C, and rounds the result once where the unit has no such output", async () => {
    const start = floatFile([1 / 3]);
    expect(floatsOf((await bitscape(small("--unit", "fp32", "--c", start))).stdout)).toEqual([
      [4, 10, 18].reduce((sum, product) => Math.fround(sum + product), Math.fround(1 / 3)),
    ]);
    expect(
      floatsOf((await bitscape(small("--unit", "exact", "--c", start, "--output", "bf16"))).stdout),
    ).toEqual([32.25]);
  });

  test("lists the units with their operands and what stands behind them", async () => {
    const listed = (await bitscape(["units"])).stdout.toString();
    const help = (await bitscape(["matmul", "--help"])).stdout.toString();
    for (const {name, gpus} of matrixUnits) {
      expect(listed).toContain(`${name}: ${gpus.join(", ")}`);
      expect(help).toContain(`${name}: ${gpus.join(", ")}`);
    }
    const records = JSON.parse((await bitscape(["units", "--json"])).stdout.toString());
    expect(records.map(({name}: {name: string}) => name)).toEqual(matrixUnits.map(({name}) => name));
  });
});

describe("bitscape matmul refuses in one line", () => {
  const start = floatFile([1, 2]);

  test.each<[what: string, args: string[], code: number, message: string]>([
    [
      "no way to accumulate",
      [],
      2,
      "needs one of --unit, --accumulator and --accumulator-bits; none is given",
    ],
    ["two ways", ["--unit", "exact", "--accumulator", "bf16"], 2, "--unit and --accumulator are given"],
    [
      "a misspelt unit",
      ["--unit", "h100-wgma"],
      2,
      'unknown unit "h100-wgma": did you mean h100-wgmma? known: v100',
    ],
    [
      "operands that a unit lacks",
      ["--unit", "a100-mma"],
      2,
      "a100-mma does not multiply fp32 by fp32; it takes fp16 by fp16, bf16 by bf16, tf32 by tf32",
    ],
    [
      "settings of another way",
      ["--unit", "exact", "--fused"],
      2,
      "--fused goes with --accumulator, not with --unit",
    ],
    [
      "a rule of another way",
      ["--accumulator", "bf16", "--overflow", "wrap"],
      2,
      "--overflow goes with --accumulator-bits",
    ],
    ["a format that cannot accumulate", ["--accumulator", "e8m0"], 2, "e8m0 cannot be the accumulator"],
    [
      "a tree of no power of two",
      ["--accumulator", "bf16", "--order", "pairwise", "--block", "33"],
      2,
      "not 33",
    ],
    ["integers that are none", ["--accumulator-bits", "16"], 2, "such as int8 by int8, not fp32"],
    [
      "a file of the wrong size",
      ["--unit", "fp32", "--c", start],
      1,
      "has 8 bytes, but C, 1×1 float32 numbers, are 1 × 4 = 4",
    ],
    ["a missing file", ["--unit", "fp32", "--c", `${folder}/absent`], 1, "/absent: no such file or folder"],
    ["a folder that is missing", ["--unit", "fp32", `${folder}/no/out`], 1, "cannot write"],
  ])("%s", async (_, args, code, message) => {
    const outcome = await bitscape(small(...args));
    expect(outcome.stderr).toMatch(/^bitscape: [^\n]+\n$/);
    expect(outcome.stderr).toContain(message);
    expect({code: outcome.code, stdout: outcome.stdout.length}).toEqual({code, stdout: 0});
  });

  test.each<[what: string, change: Record<string, string>, code: number, message: string]>([
    [
      "sizes that do not fit the files",
      {"--m": "2"},
      1,
      "has 12 bytes, but A, 2×3 codes of fp32, are 6 × 4 = 24",
    ],
    ["a size of zero", {"--k": "0"}, 2, "Allowed are whole numbers from 1 to"],
    [
      "an output that a unit lacks",
      {"--unit": "h100-mma", "--a-type": "tf32", "--b-type": "tf32", "--output": "fp16"},
      2,
      "h100-mma has no fp16 output for tf32 by tf32; it has fp32",
    ],
    [
      "an interval within a group",
      {"--unit": "h100-wgmma", "--a-type": "tf32", "--b-type": "tf32", "--promotion": "12"},
      2,
      "multiple of its 8 products",
    ],
    ["an impossible format", {"--a-type": "e9m30"}, 2, "e9m30"],
  ])("%s", async (_, change, code, message) => {
    const args = small("--unit", "fp32");
    for (const [option, value] of Object.entries(change)) {
      const at = args.indexOf(option);
      if (at < 0) args.push(option, value);
      else args[at + 1] = value;
    }
    const place = join(folder, "nothing");
    const outcome = await bitscape([...args, place]);
    expect(outcome.stderr).toContain(message);
    expect(outcome.code).toBe(code);
    expect(readdirSync(folder)).not.toContain("nothing");
  });
});

import {chmodSync, mkdirSync, readdirSync, readFileSync, symlinkSync, writeFileSync} from "node:fs";
import {basename, dirname, join} from "node:path";
import {gunzipSync} from "node:zlib";
import {describe, expect, test} from "vitest";
import {presets} from "../../src/formats/preset.js";
import {roundings} from "../../src/formats/rounding.js";
import {createKernels} from "../../src/kernels/kernels.js";
import {blockFormats} from "../../src/precision/block-format.js";
import {castArray} from "../../src/precision/cast-array.js";
import {type MatrixQuantizer, matrixQuantizer} from "../../src/precision/matrix-quantizer.js";
import {scalingWords} from "../../src/precision/parse-scaling.js";
import {quantizeMatrix} from "../../src/precision/quantize-matrix.js";
import {quantizer} from "../../src/precision/quantizer.js";
import {findPowerMap, quantizeS2fp8} from "../../src/precision/s2fp8.js";
import {bitscape, temporaryFolder} from "./bitscape.js";

const folder = temporaryFolder();
const fixture = (name: string) =>
  gunzipSync(readFileSync(new URL(`../fixtures/casts/${name}.f32.gz`, import.meta.url)));

const bytesOf = (values: readonly number[]) => Buffer.from(Float32Array.from(values).buffer);
const floatsOf = (bytes: Buffer) => [...new Float32Array(Uint8Array.from(bytes).buffer)];

let files = 0;
function inputFile(bytes: Buffer): string {
  const path = join(folder, `input-${files++}.f32`);
  writeFileSync(path, bytes);
  return path;
}

describe("bitscape cast", () => {
  test("gives the recorded casts, from a file to a file", async () => {
    const output = join(folder, "e4m3fn.f32");
    const {code, stdout, stderr} = await bitscape([
      ...["cast", "--to", "float8_e4m3fn", inputFile(fixture("inputs")), output],
    ]);
    expect({code, stdout: stdout.length, stderr}).toEqual({code: 0, stdout: 0, stderr: ""});
    expect(floatsOf(readFileSync(output))).toEqual(floatsOf(fixture("float8_e4m3fn")));
  });

  test("gives the same from stdin to stdout", async () => {
    const {code, stdout} = await bitscape(["cast", "--to", "e5m2"], {input: fixture("inputs")});
    expect(code).toBe(0);
    expect(floatsOf(stdout)).toEqual(floatsOf(fixture("float8_e5m2")));
  });

  test("takes - for stdin and stdout, and data that is empty", async () => {
    const some = await bitscape(["cast", "--to", "int4", "-", "-"], {input: bytesOf([2.5, -99])});
    expect(floatsOf(some.stdout)).toEqual([2, -8]);
    const none = await bitscape(["cast", "--to", "e4m3fn"]);
    expect({code: none.code, length: none.stdout.length}).toEqual({code: 0, length: 0});
  });

  test("casts data of many chunks as it casts an array", async () => {
    const values = Float32Array.from({length: 300_001}, (_, i) => Math.sin(i) * 500);
    const path = inputFile(Buffer.from(values.buffer));
    const plain = await bitscape(["cast", "--to", "e4m3fn", path]);
    expect(floatsOf(plain.stdout)).toEqual([...(await castArray(values, "e4m3fn"))]);
    const scaled = await castArray(values, "e2m3", {scaling: "tensor"});
    const fromFile = await bitscape(["cast", "--to", "e2m3", "--scale", "tensor", path]);
    expect(floatsOf(fromFile.stdout)).toEqual([...scaled]);
    const fromPipe = await bitscape(["cast", "--to", "e2m3", "--scale", "tensor"], {
      input: Buffer.from(values.buffer),
    });
    expect(fromPipe.stdout.equals(fromFile.stdout)).toBe(true);
  });

  test("scales before and after, by any number", async () => {
    const input = bytesOf([1, 0.001, -0.0001]);
    const scaled = async (scale: string) =>
      floatsOf((await bitscape(["cast", "--to", "e4m3fn", "--scale", scale], {input})).stdout);
    expect(await scaled("256")).toEqual([1, 0.25 / 256, -13 / 512 / 256]);
    expect(await scaled("-256")).toEqual([1, 0.25 / 256, -13 / 512 / 256]);
    expect(await scaled("3")).toEqual([1, Math.fround(2 / 512 / 3), -0]);
  });

  test("overflows as the policy says, and --saturate overrides it", async () => {
    const input = bytesOf([1e6, Number.NEGATIVE_INFINITY]);
    const overflow = async (...options: string[]) =>
      floatsOf((await bitscape(["cast", "--to", "e5m2", ...options], {input})).stdout);
    expect(await overflow()).toEqual([Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY]);
    expect(await overflow("--policy", "ocp-saturate")).toEqual([57344, -57344]);
    expect(await overflow("--policy", "ocp", "--saturate")).toEqual([57344, -57344]);
  });

  test("may write over its input, through a link", async () => {
    const path = inputFile(bytesOf([1.3, 2.6]));
    const link = join(folder, "link.f32");
    symlinkSync(path, link);
    expect((await bitscape(["cast", "--to", "e2m1", path, link])).code).toBe(0);
    expect(floatsOf(readFileSync(path))).toEqual([1.5, 3]);
  });
});

describe("bitscape cast with scales of blocks", () => {
  const columns = 96;
  const values = Float32Array.from({length: 700 * columns}, (_, i) => Math.sin(i) * 2 ** ((i >> 5) % 23));
  const path = inputFile(Buffer.from(values.buffer));

  /** What the kernels make of the whole matrix at once. */
  async function expected(quantizer: MatrixQuantizer, width: number): Promise<Buffer> {
    const kernels = await createKernels();
    const address = kernels.allocate(values.byteLength);
    kernels.float32(address, values.length).set(values);
    quantizeMatrix(kernels, quantizer, address, address, values.length / width, width);
    return Buffer.from(kernels.float32(address, values.length).slice().buffer);
  }

  const cases = [
    ["mxfp8e4m3", "", "e4m3fn", "mx"],
    ["MXFP4", "", "e2m1", "mx"],
    ["mxfp4", "mx,rceil", "e2m1", "mx,rceil"],
    ["mxfp4", "mx,prescale=0.75", "e2m1", "mx,prescale=0.75"],
    ["e3m2", "mx,even", "e3m2", "mx,even"],
    ["nvfp4", "", "e2m1", "nvfp4"],
    ["nvfp4", "nvfp4,row-outer", "e2m1", "nvfp4,row-outer"],
    ["nvfp4", "nvfp4,2d,four-over-six", "e2m1", "nvfp4,2d,four-over-six"],
    ["nf4", "", "nf4", "block:1x64,reciprocal"],
    ["e4m3fn", "row", "e4m3fn", "row"],
    ["e4m3fn", "column", "e4m3fn", "column"],
    ["e4m3fn", "block:128x128,pow2", "e4m3fn", "block:128x128,pow2"],
    ["int8", "tensor,fp32", "int8", "tensor,fp32"],
  ];
  test.each(cases)("casts to %s with %s, from files and pipes", async (to, scale, element, scaling) => {
    const options = ["cast", "--to", to, ...(scale ? ["--scale", scale] : [])];
    const quantizer = matrixQuantizer(element, scaling);
    const inRows = await bitscape([...options, "--columns", String(columns), path]);
    expect(inRows.stderr).toBe("");
    expect(inRows.stdout.equals(await expected(quantizer, columns))).toBe(true);
    const inOneRow = await bitscape(options, {input: Buffer.from(values.buffer)});
    expect(inOneRow.stdout.equals(await expected(quantizer, values.length))).toBe(true);
  });

  test("draws the same random bits for the same seed, however the data come", async () => {
    const options = ["cast", "--to", "mxfp4", "--rounding", "stochastic", "--seed", "7"];
    const fromFile = await bitscape([...options, path]);
    const fromPipe = await bitscape(options, {input: Buffer.from(values.buffer)});
    expect(fromFile.stdout.equals(fromPipe.stdout)).toBe(true);
    const other = await bitscape([...options, "--seed", "8", path]);
    expect(other.stdout.equals(fromFile.stdout)).toBe(false);
    const random = {seed: 7, stream: 0, step: 0};
    const quantizer = matrixQuantizer("e2m1", "mx", {rounding: "stochastic", random});
    expect(fromFile.stdout.equals(await expected(quantizer, values.length))).toBe(true);
  });

  test("draws random bits without scales too", async () => {
    const options = ["cast", "--to", "e2m1", "--rounding", "stochastic-a", "--bits", "4", path];
    const first = await bitscape(options);
    expect((await bitscape(options)).stdout.equals(first.stdout)).toBe(true);
    for (const other of ["--seed", "--stream", "--step"]) {
      expect((await bitscape([...options, other, "1"])).stdout.equals(first.stdout)).toBe(false);
    }
  });

  test("goes on with the random bits of a tensor where its second part begins", async () => {
    const half = 32 * Math.floor(values.length / 64);
    for (const to of ["bf16", "mxfp4"]) {
      const options = ["cast", "--to", to, "--rounding", "stochastic"];
      const whole = await bitscape([...options, path]);
      const second = {input: Buffer.from(values.buffer, 4 * half)};
      const part = await bitscape([...options, "--first-index", String(half)], second);
      expect(part.stdout.equals(whole.stdout.subarray(4 * half))).toBe(true);
      expect((await bitscape(options, second)).stdout.equals(part.stdout)).toBe(false);
    }
  });

  test("casts to S2FP8 with a map for all data", async () => {
    const fromFile = await bitscape(["cast", "--to", "s2fp8", path]);
    const fromPipe = await bitscape(["cast", "--to", "s2fp8"], {input: Buffer.from(values.buffer)});
    expect(fromFile.stdout.equals(fromPipe.stdout)).toBe(true);
    const kernels = await createKernels();
    const address = kernels.allocate(values.byteLength);
    kernels.float32(address, values.length).set(values);
    const map = findPowerMap(kernels, address, values.length);
    const element = quantizer("e5m2", {policy: "ocp-saturate"});
    quantizeS2fp8(kernels, element, map, address, address, values.length);
    expect(floatsOf(fromFile.stdout)).toEqual([...kernels.float32(address, values.length)]);
  });

  test("takes data that are empty", async () => {
    for (const to of ["mxfp4", "nvfp4", "s2fp8"]) {
      expect(await bitscape(["cast", "--to", to])).toMatchObject({
        code: 0,
        stderr: "",
        stdout: Buffer.alloc(0),
      });
    }
  });

  test("--help names every rounding, policy, option of a scale, and format with scales", async () => {
    const help = (await bitscape(["cast", "--help"])).stdout.toString();
    const names = [
      ...Object.keys(roundings),
      ...Object.keys(presets),
      ...Object.values(scalingWords).flat(),
      ...blockFormats.map(({name}) => name),
    ];
    expect(names.filter((name) => !help.includes(name))).toEqual([]);
  });
});

describe("bitscape cast refuses in one line", () => {
  const input = inputFile(bytesOf([1, 2]));

  test.each<[what: string, args: string[], code: number, message: string]>([
    ["no format", [input], 2, "required option '--to <format>' not specified"],
    [
      "a misspelt format",
      ["--to", "e4m3fm", input],
      2,
      'format "e4m3fm": did you mean e4m3fn? known are fp64, fp32',
    ],
    ["an impossible format", ["--to", "e9m30", input], 2, 'impossible format "e9m30"'],
    ["a misspelt policy", ["--to", "e5m2", "--policy", "opc", input], 2, '"opc": did you mean ocp?'],
    [
      "an unknown rounding",
      ["--to", "e5m2", "--rounding", "nearest", input],
      2,
      '"nearest": known: nearest-even',
    ],
    [
      "a scale of 0",
      ["--to", "e5m2", "--scale", "0", input],
      2,
      "Allowed are a finite float32 number other than 0",
    ],
    ["a scale beyond float32", ["--to", "e5m2", "--scale", "1e99", input], 2, "'1e99' is invalid."],
    ["NaN as scale", ["--to", "e5m2", "--scale", "NaN", input], 2, "'NaN' is invalid."],
    ["a misspelt scaling", ["--to", "e5m2", "--scale", "blok:1x32", input], 2, "did you mean block:1x32?"],
    ["a block of no columns", ["--to", "e5m2", "--scale", "block:1x0", input], 2, "not 0"],
    [
      "a misspelt option of a scale",
      ["--to", "e2m1", "--scale", "mx,rceli", input],
      2,
      "did you mean rceil?",
    ],
    [
      "parts that do not go together",
      ["--to", "e2m1", "--scale", "mx,divide", input],
      2,
      "e8m0 scales follow",
    ],
    [
      "rows that are not whole",
      ["--to", "mxfp4", "--columns", "5", input],
      2,
      "2 values are no whole number of rows of 5",
    ],
    ["rows of no length", ["--to", "mxfp4", "--columns", "0", input], 2, "whole numbers from 1 to"],
    [
      "rows where they do not matter",
      ["--to", "e5m2", "--columns", "2", input],
      2,
      "--columns matters only to",
    ],
    [
      "too many random bits",
      ["--to", "e5m2", "--rounding", "stochastic", "--bits", "33", input],
      2,
      "from 1 to 32",
    ],
    [
      "random bits without chance",
      ["--to", "e5m2", "--bits", "4", input],
      2,
      "stochastic modes of --rounding",
    ],
    ["a scale for s2fp8", ["--to", "s2fp8", "--scale", "2", input], 2, "s2fp8 finds its own scale"],
    ["a misspelt block format", ["--to", "mxfp44", input], 2, 'format "mxfp44": did you mean mxfp4?'],
    ["an empty scale", ["--to", "e5m2", "--scale", "", input], 2, "'' is invalid."],
    ["an unknown option", ["--to", "e5m2", "--scael", "2", input], 2, "'--scael' (Did you mean --scale?)"],
    ["a third file", ["--to", "e5m2", input, "a", "b"], 2, "too many arguments for 'cast'"],
    [
      "a missing file",
      ["--to", "e5m2", `${folder}/absent`],
      1,
      `read ${folder}/absent: no such file or folder`,
    ],
    ["a folder as input", ["--to", "e5m2", folder], 1, `cannot read ${folder}: it is a folder`],
    ["a missing folder", ["--to", "e5m2", input, `${folder}/no/out`], 1, "/no/out: no such file or folder"],
    ["a folder as output", ["--to", "e5m2", input, folder], 1, `cannot write ${folder}: it is a folder`],
  ])("%s", async (_, args, code, message) => {
    const outcome = await bitscape(["cast", ...args]);
    expect(outcome.stderr).toMatch(/^bitscape: [^\n]+\n$/);
    expect(outcome.stderr).toContain(message);
    expect({code: outcome.code, stdout: outcome.stdout.length}).toEqual({code, stdout: 0});
  });

  test("data that is no whole number of floats, leaving nothing behind", async () => {
    const ragged = Buffer.alloc(1_000_003);
    const path = inputFile(ragged);
    const place = join(folder, "ragged");
    mkdirSync(place);
    for (const [from, name] of [
      [path, path],
      ["-", "stdin"],
    ]) {
      const outcome = await bitscape(["cast", "--to", "e5m2", from, join(place, "out.f32")], {input: ragged});
      expect(outcome.stderr).toBe(
        `bitscape: ${name} has 1000003 bytes, which is no multiple of 4 as float32 data must be\n`,
      );
      expect(outcome.code).toBe(1);
      expect(readdirSync(place)).toEqual([]);
    }
  });

  test("a failure to write keeps the old file", async () => {
    const output = join(folder, "kept.f32");
    writeFileSync(output, "old");
    const outcome = await bitscape(["cast", "--to", "e5m2", inputFile(Buffer.alloc(6)), output]);
    expect(outcome.code).toBe(1);
    expect(readFileSync(output, "utf8")).toBe("old");
    expect(readdirSync(dirname(output)).filter((name) => name.startsWith(`${basename(output)}.`))).toEqual(
      [],
    );
  });

  test.skipIf(process.getuid?.() === 0)("a folder that is read-only", async () => {
    const place = join(folder, "read-only");
    mkdirSync(place);
    chmodSync(place, 0o500);
    const outcome = await bitscape(["cast", "--to", "e5m2", input, join(place, "out.f32")]);
    expect(outcome).toMatchObject({
      code: 1,
      stderr: `bitscape: cannot write ${place}/out.f32: permission denied\n`,
    });
  });
});

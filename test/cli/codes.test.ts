import {describe, expect, test} from "vitest";
import {parseCode, parseNumber} from "../../src/cli/code-text.js";
import {bitscape} from "./bitscape.js";

const output = async (args: string[], input = "") => {
  const {code, stdout, stderr} = await bitscape(args, {input: Buffer.from(input)});
  expect({code, stderr}).toEqual({code: 0, stderr: ""});
  return stdout.toString();
};

describe("bitscape encode", () => {
  test("prints what each number becomes, its code and its bits", async () => {
    expect(await output(["encode", "--to", "e4m3fn", "0.1", "-1.5", "449", "nan"])).toBe(
      [
        "number     e4m3fn  code  bits",
        "   0.1  0.1015625  0x1d  0 0011 101",
        "  -1.5       -1.5  0xbc  1 0111 100",
        "   449        448  0x7e  0 1111 110",
        "   NaN        NaN  0x7f  0 1111 111",
        "",
      ].join("\n"),
    );
  });

  test("rounds by the mode and the policy, which also reads the name of the format", async () => {
    const coded = async (...args: string[]) => JSON.parse(await output(["encode", "--json", ...args]))[0];
    expect(await coded("--to", "e4m3", "--policy", "chop", "260")).toEqual({
      ...{value: 260, rounded: "Infinity", code: 0x78, bits: "0 1111 000"},
    });
    expect(await coded("--to", "e4m3", "--policy", "torch", "1e9")).toMatchObject({rounded: 448, code: 0x7e});
    expect(await coded("--to", "e2m1", "--rounding", "up", "4.1")).toMatchObject({rounded: 6, code: 7});
    expect(await coded("--to", "ue4m3", "0.4")).toMatchObject({bits: "0101 101"});
  });

  test("reads numbers from stdin", async () => {
    const encoded = JSON.parse(await output(["encode", "--to", "int4", "--json"], "3\n-2 -inf\n"));
    expect(encoded.map(({code}: {code: number}) => code)).toEqual([3, 14, 8]);
  });

  test.each([
    [["--to", "e4m3fn", "x"], '"x" is no number: allowed are decimals'],
    [["--to", "e4m3fn"], "name the numbers to encode, or pipe them in"],
    [["--to", "e4m3fn", "--rounding", "stochastic", "1"], "encode draws no random bits"],
    [["--to", "e4m3fn", "--policy", "microxcaling", "1e9"], "Infinity has no code in e4m3fn"],
    [["--to", "fp64", "1"], "fp64 has 64 bits"],
  ])("refuses %j", async (args, message) => {
    const {code, stderr} = await bitscape(["encode", ...args]);
    expect(stderr).toMatch(/^bitscape: [^\n]+\n$/);
    expect(stderr).toContain(message);
    expect(code).toBe(2);
  });
});

describe("bitscape decode", () => {
  test("prints the bits and the value of each code", async () => {
    expect(await output(["decode", "--from", "e4m3fn", "126", "0xff", "0b10000001"])).toBe(
      [
        "code  bits        value       decimal",
        "0x7e  0 1111 110    448           448",
        "0xff  1 1111 111    NaN           NaN",
        "0x81  1 0000 001  -2^-9  -0.001953125",
        "",
      ].join("\n"),
    );
  });

  test("takes as many codes as there are", async () => {
    const codes = Array.from({length: 150_000}, (_, i) => i % 256);
    const lines = (await output(["decode", "--from", "e5m2"], codes.join("\n"))).trimEnd().split("\n");
    expect(lines).toHaveLength(150_001);
    expect(lines[1 + 0x3c]).toMatch(/^0x3c +0 01111 00 +1 +1$/);
  });

  test("gives back what encode made", async () => {
    const encoded = JSON.parse(
      await output(["encode", "--to", "binary8p3se", "--json", "2^-17", "3.1", "inf"]),
    );
    const codes = encoded.map(({code}: {code: number}) => String(code));
    const decoded = JSON.parse(await output(["decode", "--from", "binary8p3se", "--json"], codes.join(" ")));
    expect(decoded.map(({value}: {value: number}) => value)).toEqual([2 ** -17, 3, "Infinity"]);
  });

  test.each([
    [["--from", "e2m1", "16"], "16 is not a code of e2m1; codes go from 0 to 15"],
    [["--from", "e2m1", "-1"], ""],
    [["--from", "e2m1", "1.5"], '"1.5" is no code: allowed are integers such as 126'],
  ])("refuses %j", async (args, message) => {
    const {code, stderr} = await bitscape(["decode", ...args]);
    expect(stderr).toMatch(/^bitscape: [^\n]+\n$/);
    expect(stderr).toContain(message);
    expect(code).toBe(2);
  });
});

test("numbers are read as they are printed", () => {
  const read = ["-0", "1e-3", ".5", "2^-9", "-7·2^-10", "3*2^4", "-Inf", "NaN", "+2"].map(parseNumber);
  expect(read).toEqual([-0, 0.001, 0.5, 2 ** -9, -7 / 1024, 48, Number.NEGATIVE_INFINITY, Number.NaN, 2]);
  for (const text of ["", "1,5", "0x10", "2^x", "--1"])
    expect(() => parseNumber(text)).toThrow("is no number");
  expect([parseCode("0x7E"), parseCode("0b11"), parseCode("12")]).toEqual([0x7e, 3, 12]);
});

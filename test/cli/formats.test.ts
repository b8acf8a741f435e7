import {spawn} from "node:child_process";
import {describe, expect, test} from "vitest";
import {catalogue} from "../../src/formats/catalogue.js";
import {presets} from "../../src/formats/preset.js";
import {roundings} from "../../src/formats/rounding.js";
import {bitscape, program} from "./bitscape.js";

const output = async (...args: string[]) => {
  const {code, stdout, stderr} = await bitscape(args);
  expect({code, stderr}).toEqual({code: 0, stderr: ""});
  return stdout.toString();
};

describe("bitscape formats", () => {
  test("lists the catalogue, one line for each format", async () => {
    const lines = (await output("formats")).trimEnd().split("\n");
    expect(lines.slice(1).map((line) => line.split(" ")[0])).toEqual(catalogue.map(({name}) => name));
    expect(lines.find((line) => line.startsWith("e4m3fn "))).toMatch(
      / 8 +e4m3 +7 +fn +448 +0.015625 +2\^-9 +0.125 /,
    );
  });

  test("describes a format with all its values", async () => {
    const text = await output("formats", "float4_e2m1fn");
    expect(text).toContain(
      "layout              4 bits: sign, 2 exponent (bias 1), 1 mantissa; all codes finite\n",
    );
    expect(text).toContain(
      "\n0x0   0   0.5   1   1.5   2   3   4   6\n0x8  -0  -0.5  -1  -1.5  -2  -3  -4  -6\n",
    );
  });

  test("describes a format with scales of its own, and its elements", async () => {
    const text = await output("formats", "MXFP4");
    expect(text).toContain("\nscales    e8m0 for every 1 by 32 values, rule floor\n");
    expect(text).toContain("\nin cast   --to mxfp4, which is --to e2m1 --scale mx\n");
    expect(text).toContain("\n0x0   0   0.5   1   1.5   2   3   4   6\n");
    const {kind, scaling, element} = JSON.parse(await output("formats", "nvfp4", "--json"));
    expect([kind, scaling, element.name]).toEqual(["block", "nvfp4", "e2m1"]);
  });

  test("leaves out what a format lacks, and the table of a wide one", async () => {
    const text = await output("formats", "e5m6");
    expect(text).toContain("largest             65024\n");
    expect(text).toContain("largest subnormal   63·2^-20\n");
    expect(text).not.toContain("0x");
    expect(await output("formats", "int16")).not.toContain("subnormal");
  });

  test("with --json lists records and derived properties", async () => {
    const formats = JSON.parse(await output("formats", "--json"));
    const kinds = ["float", "integer", "codebook"];
    expect(formats.slice(0, catalogue.length).map(({name}: {name: string}) => name)).toEqual(
      catalogue.map(({name}) => name),
    );
    expect(formats.filter(({kind}: {kind: string}) => kinds.includes(kind))).toHaveLength(catalogue.length);
    expect(formats.find(({name}: {name: string}) => name === "e5m2")).toMatchObject({
      ...{exponentBits: 5, mantissaBits: 2, bias: 15, specials: "ieee", bits: 8},
      ...{largest: 57344, smallestNormal: 2 ** -14, smallestSubnormal: 2 ** -16, infinities: 2, nans: 6},
    });
  });

  test("with --json also lists rounding modes, policies, scalings and units", async () => {
    const listed: {kind: string; name: string}[] = JSON.parse(await output("formats", "--json"));
    const names = (of: string) => listed.filter(({kind}) => kind === of).map(({name}) => name);
    expect(names("rounding")).toEqual(Object.keys(roundings));
    expect(names("policy")).toEqual(Object.keys(presets));
    expect(names("scaling")).toEqual(expect.arrayContaining(["tensor", "mx", "nvfp4"]));
    expect(names("unit")).toEqual(expect.arrayContaining(["h100-wgmma", "exact"]));
    expect(listed.find(({name}) => name === "chop")).toMatchObject({
      rounding: "nearest-even",
      policy: {finiteOverflow: "by-rounding-or-chance"},
      names: {b: "bf16"},
    });
  });

  test("describes formats that no double or float32 holds whole, and codebooks", async () => {
    expect(await output("formats", "fp64")).toContain("smallest subnormal  2^-1074\n");
    expect(await output("formats", "nf4")).toContain("-0.6961928009986877");
    expect(await output("formats", "mxint8")).toContain("8 bits, two's complement, 6 after the point");
  });

  test("with --json gives the values in the order of the codes", async () => {
    const {values} = JSON.parse(await output("formats", "e5m2", "--json"));
    expect(values).toHaveLength(256);
    expect(values.slice(0x7b, 0x82)).toEqual([57344, "Infinity", "NaN", "NaN", "NaN", "-0", -(2 ** -16)]);
  });

  test("names the nearest format when there is none of that name", async () => {
    const {code, stderr} = await bitscape(["formats", "e4m3nf"]);
    expect(stderr).toMatch(/^bitscape: unknown format "e4m3nf": did you mean e4m3fn\? known are [^\n]+\n$/);
    expect(code).toBe(2);
  });

  test("ends quietly when nobody reads on", async () => {
    const child = spawn(process.execPath, [program, "formats", "--json"]);
    child.stdout.destroy();
    const errors: Buffer[] = [];
    child.stderr.on("data", (chunk) => errors.push(chunk));
    const code = await new Promise((resolve) => child.on("close", resolve));
    expect({code, stderr: Buffer.concat(errors).toString()}).toEqual({code: 0, stderr: ""});
  });
});

describe("bitscape", () => {
  test("names the nearest command when there is none of that name", async () => {
    const {code, stderr} = await bitscape(["frmats"]);
    expect({code, stderr}).toEqual({
      code: 2,
      stderr: "bitscape: unknown command 'frmats' (Did you mean formats?)\n",
    });
  });

  test("prints its version and its help", async () => {
    expect(await output("--version")).toMatch(/^\d+\.\d+\.\d+\n$/);
    expect(await output("--help")).toMatch(/^Usage: bitscape [\s\S]* formats [\s\S]* cast /);
  });

  test("without a command shows the help as an error", async () => {
    const {code, stderr} = await bitscape([]);
    expect(code).toBe(2);
    expect(stderr).toMatch(/^Usage: bitscape /);
  });
});

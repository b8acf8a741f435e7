import {writeFileSync} from "node:fs";
import {join} from "node:path";
import {expect, it} from "vitest";
import {publishedPlanLaws} from "../../src/laws/plan-laws.js";
import {temporaryFolder} from "./bitscape.js";
import {inProcess} from "./in-process.js";

const folder = temporaryFolder();

async function planJson(...args: string[]) {
  const {code, stdout, stderr} = await inProcess(["plan", ...args, "--json"]);
  expect({code, stderr}).toEqual({code: 0, stderr: ""});
  return JSON.parse(stdout);
}

it("bitscape plan answers with a row for each law, how far they agree, and where they leave their range", async () => {
  const {code, stdout} = await inProcess(["plan", "--flops", "1e24"]);
  expect(code).toBe(0);
  expect(stdout).toContain("Train a model with 1e24 FLOPs:");
  for (const {title} of publishedPlanLaws()) expect(stdout).toContain(`\n${title}`);
  expect(stdout).toMatch(/Kumar 2024, integers +7 bits +169B +2\.25T +13\.3 +2\.7914 +148 GB +1e24/);
  expect(stdout).toMatch(/Sun 2025, floating point +5 bits, E2M2/);
  expect(stdout).toContain("The 3 laws of training recommend 4 to 7 bits.");
  expect(stdout).toContain("Kumar 2024, integers: outside its range are N 169B (fitted up to 220M), D 2.25T");
  expect(stdout).toContain("can be compared within a law only");
});

it("bitscape plan takes parameters with tokens, memory with tokens, and units", async () => {
  const sized = await planJson("--parameters", "8B", "--tokens", "15T");
  expect(sized.question).toEqual({parameters: 8e9, tokens: 15e12});
  expect(sized.laws[0]).toMatchObject({law: "precision", isByTolerance: true, recommended: {bits: 7}});
  const stored = await planJson("--memory", "16GiB", "--tokens", "2T", "--law", "floating-point");
  expect(stored.laws).toHaveLength(1);
  const {bits, parameters} = stored.laws[0].recommended;
  expect((parameters * bits) / 8).toBeCloseTo(2 ** 34, -2);
});

it("bitscape plan --format takes layout and block size from a format", async () => {
  const {question, laws} = await planJson("--flops", "1e22", "--format", "mxfp4", "--law", "floating-point");
  expect(question).toMatchObject({layout: {exponentBits: 2, mantissaBits: 1}, blockSize: 32});
  expect(laws[0].recommended).toMatchObject({bits: 4, layout: {exponentBits: 2, mantissaBits: 1}});
  const channel = await planJson("--flops", "1e22", "--format", "int8", "--block-size", "channel");
  expect(channel.question.layout).toEqual({exponentBits: 0, mantissaBits: 7});
  expect(Math.log2(channel.question.blockSize)).toBeCloseTo(13.1567, 10);
});

it("bitscape plan --constants plans by what bitscape fit found", async () => {
  const path = join(folder, "fit.json");
  const [{constants}] = publishedPlanLaws();
  const estimates = Object.entries(constants).map(([name, value]) => ({name, value}));
  writeFileSync(
    path,
    JSON.stringify({law: "precision", constants: estimates, bootstrap: null, table: {domain: {}}}),
  );
  const {laws} = await planJson("--flops", "1e24", "--law", "precision", "--constants", path);
  expect(laws[1]).toMatchObject({title: `precision of ${path}`, origin: "own", outside: []});
  expect(laws[1].recommended).toEqual(laws[0].recommended);
});

it.each([
  ["nothing to go by", [], "say how many tokens"],
  ["parameters alone", ["--parameters", "7B"], "say how many tokens"],
  ["a number that is none", ["--flops", "many"], "--flops many: expected a positive number"],
  ["a memory that is none", ["--memory", "8 XB", "--tokens", "1T"], "--memory 8 XB: expected a size"],
  ["bits and a format", ["--flops", "1e24", "--bits", "4", "--format", "int4"], "give one of them"],
  [
    "bits that are too many",
    ["--flops", "1e24", "--bits", "17"],
    "--bits 17: expected a whole number from 1 to 16",
  ],
  ["an unknown format", ["--flops", "1e24", "--format", "e4m33"], "e4m33"],
  ["a list of values as format", ["--flops", "1e24", "--format", "nf4"], "not lists of values"],
  ["a wide format", ["--flops", "1e24", "--format", "fp32"], "at most 16 bits, not 32"],
  ["a block size", ["--flops", "1e24", "--block-size", "tensor"], "--block-size: block size"],
  ["an unknown law", ["--flops", "1e24", "--law", "precison"], "did you mean precision?"],
  [
    "a law without published constants",
    ["--flops", "1e24", "--law", "additive-power"],
    "nothing of it is published",
  ],
  ["a tolerance", ["--flops", "1e24", "--tolerance", "-1"], "--tolerance -1"],
])("bitscape plan refuses %s", async (_, args, message) => {
  const {code, stderr, stdout} = await inProcess(["plan", ...args]);
  expect(stderr).toContain(message);
  expect({code, stdout}).toEqual({code: 2, stdout: ""});
});

it("bitscape plan fails with 1 where the constants cannot be read", async () => {
  const absent = await inProcess(["plan", "--flops", "1e24", "--constants", join(folder, "absent.json")]);
  expect(absent).toMatchObject({code: 1, stderr: expect.stringContaining("no such file")});
  const path = join(folder, "bad.json");
  writeFileSync(path, "{}");
  const bad = await inProcess(["plan", "--flops", "1e24", "--constants", path]);
  expect(bad).toMatchObject({code: 2, stderr: expect.stringContaining("bad.json: this is not what")});
});

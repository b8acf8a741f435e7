import {chmodSync, mkdirSync, readdirSync, readFileSync, symlinkSync, writeFileSync} from "node:fs";
import {basename, dirname, join} from "node:path";
import {gunzipSync} from "node:zlib";
import {describe, expect, test} from "vitest";
import {castArray} from "../../src/precision/cast-array.js";
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

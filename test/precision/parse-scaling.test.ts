import {describe, expect, test} from "vitest";
import {BitscapeError} from "../../src/errors.js";
import {blockFormats, findBlockFormat, parseBlockFormat} from "../../src/precision/block-format.js";
import {matrixQuantizer} from "../../src/precision/matrix-quantizer.js";
import {parseScaling, scalingWords} from "../../src/precision/parse-scaling.js";
import {blockShape, makeScaling} from "../../src/precision/scaling.js";

describe("parseScaling", () => {
  test("reads what the blocks are", () => {
    const shape = (text: string) => blockShape(parseScaling(text), {rows: 7, columns: 9});
    expect(shape("tensor")).toEqual({rows: 7, columns: 9});
    expect(shape("row")).toEqual({rows: 1, columns: 9});
    expect(shape("column")).toEqual({rows: 7, columns: 1});
    expect(shape("block:3x5")).toEqual({rows: 3, columns: 5});
    expect(shape("mx")).toEqual({rows: 1, columns: 32});
    expect(shape("MX, Transposed")).toEqual({rows: 32, columns: 1});
    expect(shape("row,transposed")).toEqual({rows: 7, columns: 1});
    expect(shape("nvfp4,2d")).toEqual({rows: 16, columns: 16});
  });

  test("reads scale formats and rules, each format with a default rule", () => {
    expect(parseScaling("mx")).toMatchObject({scaleFormat: "e8m0", rule: "floor", outer: "none"});
    expect(parseScaling("block:1x128,pow2")).toMatchObject({scaleFormat: "pow2", rule: "encode"});
    expect(parseScaling("block:1x16,ue4m3")).toMatchObject({
      scaleFormat: "e4m3",
      rule: "rounded",
      outer: "none",
    });
    expect(parseScaling("nvfp4")).toMatchObject({
      scaleFormat: "e4m3",
      rule: "two-level",
      outer: "tensor",
      bound: 448,
    });
    expect(parseScaling("nvfp4,e5m3,two-level").bound).toBe(114688);
    expect(parseScaling("nvfp4,row-outer").outer).toBe("row");
    expect(parseScaling("nvfp4,four-over-six").bound).toBe(256);
    expect(parseScaling("nvfp4,four-over-six-mse,bound=448")).toMatchObject({
      fourOverSix: "squared",
      bound: 448,
    });
    expect(parseScaling("row,epsilon=1e-4").epsilon).toBe(1e-4);
    expect([parseScaling("mx").prescale, parseScaling("mx,prescale=0.75").prescale]).toEqual([1, 0.75]);
    expect(parseScaling("block:1x16,e8m0,prescale=0.5,ceil")).toMatchObject({prescale: 0.5, rule: "ceil"});
  });

  test("knows every word that help lists", () => {
    const bases = ["mx", "nvfp4", "row"];
    const words = [...scalingWords.scaleFormats, ...scalingWords.rules, ...scalingWords.variants].map(
      (word) => word.replace("=X", "=1"),
    );
    const isKnown = (word: string) =>
      bases.some((base) => {
        try {
          return parseScaling(`${base},${word}`) !== undefined;
        } catch {
          return false;
        }
      });
    expect(words.filter((word) => !isKnown(word))).toEqual([]);
  });

  test.each([
    ["rwo", 'unknown scaling "rwo": did you mean row?'],
    ["block:0x4", "a block has from 1 to 1073741824 rows and columns, not 0"],
    ["block:1x99999999999", "not 99999999999"],
    ["block:4", 'unknown scaling "block:4"'],
    ["block:1x-4", 'unknown scaling "block:1x-4"'],
    ["mx,flor", 'unknown option "flor" of a scaling: did you mean floor?'],
    ["mx,", 'unknown option "" of a scaling'],
    ["row,floor", "fp32 scales follow encode, divide or reciprocal, not floor"],
    ["mx,divide", "e8m0 scales follow floor, ceil, rceil, even or midmax, not divide"],
    ["row,row-outer", "an outer scale needs e4m3 or e5m3 scales of two levels"],
    ["nvfp4,2d,row-outer", "an outer scale for each row needs blocks of one row"],
    ["row,epsilon=x", 'epsilon is a number, not "x"'],
    ["row,epsilon=-1", "epsilon is a finite number from 0 on, not -1"],
    ["nvfp4,bound=0", "bound is a positive number, not 0"],
    ["mx,prescale=three", 'prescale is a number, not "three"'],
    ["mx,prescale=0.49", "prescale is a number from 0.5 to 1, not 0.49"],
    ["mx,prescale=1.01", "prescale is a number from 0.5 to 1, not 1.01"],
    ["mx,prescale=-0.75", "prescale is a number from 0.5 to 1, not -0.75"],
    ["mx,prescal=0.75", 'unknown option "prescal=0.75" of a scaling: did you mean prescale=0.75?'],
    ["row,prescale=0.75", "prescale is for e8m0 scales, not for fp32"],
    ["block:1x32,pow2,prescale=0.75", "prescale is for e8m0 scales, not for pow2"],
    ["nvfp4,prescale=0.75", "prescale is for e8m0 scales, not for e4m3"],
    ["mx,four-over-six", "four-over-six needs two-level scales, and blocks of 1 or 16 rows"],
  ])("refuses %s in one line", (text, message) => {
    const error = (() => {
      try {
        return parseScaling(text);
      } catch (thrown) {
        return thrown as BitscapeError;
      }
    })();
    expect(error).toBeInstanceOf(BitscapeError);
    expect(error).toMatchObject({exitCode: 2, message: expect.stringContaining(message)});
    expect((error as BitscapeError).message).not.toContain("\n");
  });

  test.each(["nvfp4,four-over-six", "mx,prescale=0.75"])("gives plain data: %s", (text) => {
    const scaling = parseScaling(text);
    expect(structuredClone(scaling)).toEqual(scaling);
    expect(makeScaling(scaling)).toEqual(scaling);
  });
});

describe("block formats", () => {
  test.each(blockFormats.map(({name}) => name))("%s has elements and scales that go together", (name) => {
    const {element, scaling} = parseBlockFormat(name);
    const quantizer = matrixQuantizer(element, scaling);
    expect(structuredClone(quantizer)).toEqual(quantizer);
  });

  test("are found by any of their names, whatever the case", () => {
    expect(findBlockFormat("MXFP4")).toMatchObject({element: "e2m1", scaling: "mx"});
    expect(findBlockFormat("mxfp8_e5m2")).toMatchObject({name: "mxfp8e5m2"});
    expect(findBlockFormat("e2m1")).toBeUndefined();
    expect(() => parseBlockFormat("nvfp5")).toThrow('unknown block format "nvfp5": did you mean nvfp4?');
  });

  test("refuse rules that their elements cannot follow", () => {
    expect(() => matrixQuantizer("nf4", "mx,even")).toThrow("nf4 is a table of values");
    expect(() => matrixQuantizer("e4m3fn", "nvfp4,four-over-six")).toThrow(
      "for elements of e2m1, not of e4m3fn",
    );
  });
});

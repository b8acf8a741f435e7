import fc from "fast-check";
import {describe, expect, it} from "vitest";
import {parseFormat} from "../../src/formats/parse.js";
import {presets} from "../../src/formats/preset.js";
import {isRandom, leavesAsIs, parseCast} from "../../src/precision/parse-cast.js";
import {parseScaling} from "../../src/precision/parse-scaling.js";

describe("parseCast(text)", () => {
  it("takes a format alone for a plain cast under the default policy", () => {
    const cast = parseCast("e4m3fn");
    expect(cast).toMatchObject({text: "e4m3fn", scaling: {kind: "constant", scale: 1}, hadamard: false});
    expect(cast.element).toMatchObject({format: parseFormat("e4m3fn"), rounding: "nearest-even"});
    expect(cast.element.policy).toEqual(presets.default.policy);
    expect(leavesAsIs(cast)).toBe(false);
    expect(leavesAsIs(parseCast("fp32"))).toBe(true);
    expect(leavesAsIs(parseCast("fp32 hadamard"))).toBe(false);
  });

  it("takes a rounding, a policy and a scaling in any order and case", () => {
    const words = ["stochastic", "ocp-saturate", "block:1x128,pow2", "hadamard", "bits=8"];
    fc.assert(
      fc.property(fc.shuffledSubarray(words, {minLength: words.length}), (order) => {
        const cast = parseCast(`E4M3  ${order.join(" ").toUpperCase()} `);
        expect(cast.hadamard).toBe(true);
        expect(cast.element).toMatchObject({format: parseFormat("e4m3fn"), rounding: "stochastic", bits: 8});
        expect(cast.scaling.kind === "blocks" && cast.scaling.quantizer.scaling).toEqual(
          parseScaling("block:1x128,pow2"),
        );
        expect(isRandom(cast)).toBe(true);
      }),
      {numRuns: 20},
    );
  });

  it.each([
    ["mxfp4", "e2m1", "mx"],
    ["mxfp8 mx,rceil", "e4m3fn", "mx,rceil"],
    ["mxfp4 mx,prescale=0.75", "e2m1", "mx,prescale=0.75"],
    ["nvfp4", "e2m1", "nvfp4"],
    ["e2m1 nvfp4,2d", "e2m1", "nvfp4,2d"],
    ["deepseek-weight", "e4m3fn", "block:128x128,divide,epsilon=1e-4"],
    ["int4 row", "int4", "row"],
    ["e5m2 tensor,fp32", "e5m2", "tensor,fp32"],
  ])("reads %o as elements of %s with scales of %s, which saturate", (text, format, scaling) => {
    const cast = parseCast(text);
    expect(cast.element.format).toEqual(parseFormat(format));
    expect(cast.element.policy.finiteOverflow).toBe("largest");
    expect(cast.scaling.kind === "blocks" && cast.scaling.quantizer.scaling).toEqual(parseScaling(scaling));
  });

  it("reads scales that are not those of blocks", () => {
    expect(parseCast("e5m2 tensor").scaling).toEqual({kind: "tensor"});
    expect(parseCast("e4m3fn 0.125").scaling).toEqual({kind: "constant", scale: 0.125});
    expect(parseCast("e4m3fn 2").element.policy.finiteOverflow).toBe("largest");
    const how = {largest: 448, historyLength: 1024, algorithm: "max", margin: 0};
    expect(parseCast("e4m3fn delayed").scaling).toEqual({kind: "delayed", delayed: how});
    expect(parseCast("e4m3fn delayed history=16 margin=1 most-recent").scaling).toEqual({
      ...{kind: "delayed"},
      delayed: {...how, historyLength: 16, margin: 1, algorithm: "most-recent"},
    });
  });

  it.each([
    [
      "e4m3fn stochastik",
      /^unknown word "stochastik" in the cast "e4m3fn stochastik": did you mean stochastic\?$/,
    ],
    ["e4m3fn tensr", /did you mean tensor\?$/],
    ["e4m3fn qqqqqqqqqqqqqqq", /known are tensor, row, .*nearest-even.*ocp-saturate.*hadamard/],
    ["mxfq4", /^unknown format "mxfq4": did you mean mxfp4\?$/],
    ["e4m3fm", /^unknown format "e4m3fm": did you mean e4m3fn\?/],
    ["", /^unknown format ""/],
    ["constructor", /^unknown format "constructor"/],
    ["__proto__ row", /^unknown format "__proto__"/],
    ["e4m3fn block:1x128,pow3", /unknown option "pow3" of a scaling: did you mean pow2\?/],
    ["e4m3fn tensor row", /has more than one scaling: row$/],
    ["e4m3fn tensor delayed", /^delayed scaling leaves no other scale$/],
    ["e4m3fn hadamard delayed", /^delayed scaling does not go with hadamard$/],
    ["e4m3fn history=3", /are for delayed scaling$/],
    ["e4m3fn delayed history=x", /^history is a whole number, not "x"$/],
    ["e4m3fn bits=8", /^bits=8 is for stochastic roundings$/],
    ["e4m3fn -2", /^a scale is a positive number, not -2$/],
  ])("refuses %o in one line", (text, message) => {
    expect(() => parseCast(text)).toThrow(message);
  });
});

import {describe, expect, it} from "vitest";
import {itemText, parsePostTraining} from "../../src/training/parse-post-training.js";

const texts = (text: string) => parsePostTraining(text).map(itemText);

describe("parsePostTraining(text)", () => {
  it("reads casts between semicolons, in order and with single spaces", () => {
    expect(texts("int4 row;  MXFP4 ; nf4")).toEqual(["int4 row", "mxfp4", "nf4"]);
    expect(texts(" ")).toEqual([]);
    expect(texts("GPTQ int3 row;gptq int2..3")).toEqual(["gptq int3 row", "gptq int2", "gptq int3"]);
    expect(parsePostTraining("int4 row")[0]).toMatchObject({method: "nearest", cast: {text: "int4 row"}});
  });

  it("takes two integers with dots between them for all from one to the other", () => {
    expect(texts("int2..int4 row")).toEqual(["int2 row", "int3 row", "int4 row"]);
    expect(texts("int4..3 block:1x32,pow2; int8 row")).toEqual([
      "int4 block:1x32,pow2",
      "int3 block:1x32,pow2",
      "int8 row",
    ]);
  });

  it.each([
    ["int4 rwo", 'unknown word "rwo" in the cast "int4 rwo": did you mean row?'],
    ["int4 row; imt8 row", /^"imt8 row": unknown format "imt8": did you mean int8\?/],
    ["gptp int4 row", '"gptp int4 row": did you mean gptq for "gptp"?'],
    ["int4 row;", /^a cast is missing; casts stand between semicolons: "int4 row; gptq int4 row", or/],
    ["gptq", /^a cast is missing/],
    ["int4 row; int3 row; INT4  row", '"int4 row" is there twice'],
    ["int1..int4 row", '"int1..int4 row": integers have from 2 to 16 bits, as in int2..int8 row'],
    ["int2..99999999 row", '"int2..99999999 row": integers have from 2 to 16 bits, as in int2..int8 row'],
    ["int4 row, int3 row", /^"int4 row, int3 row": .*; casts stand between semicolons$/],
    [
      "int4 row stochastic",
      /^"int4 row stochastic" rounds at random; after training weights are rounded once/,
    ],
    [
      "e4m3fn delayed",
      /^"e4m3fn delayed" needs the magnitudes of earlier steps; present ones are found with row/,
    ],
    ["int4 row hadamard", /^"int4 row hadamard" mixes the values, .*leave out hadamard$/],
  ])("says what is wrong with %j, and what is allowed", (text, message) => {
    expect(() => parsePostTraining(text)).toThrow(message);
    expect(() => parsePostTraining(text)).not.toThrow("\n");
  });
});

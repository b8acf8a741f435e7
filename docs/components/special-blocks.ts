import {powerOfTwo} from "../src/formats/power-of-two.js";
import {blockCast} from "./block-cast.js";
import {roundedText} from "./number-text.js";
import {powerLabel} from "./power-label.js";

/** A block out of the ordinary: one value, in a company of ordinary ones or of zeros. */
export interface SpecialBlock {
  readonly name: string;
  readonly value: number;
  readonly company: number;
}

export const specialBlocks: readonly SpecialBlock[] = [
  {name: "all zeros", value: 0, company: 0},
  {name: `${powerLabel(-149)} among zeros`, value: powerOfTwo(-149), company: 0},
  {name: `${powerLabel(-120)} among zeros`, value: powerOfTwo(-120), company: 0},
  {name: "an infinity among ones", value: Number.POSITIVE_INFINITY, company: 1},
  {name: "a NaN among ones", value: Number.NaN, company: 1},
  {name: "3e38 among ones", value: 3e38, company: 1},
];

/** Ways to scale a block, by their text for `bitscape cast --scale`. */
export const specialScalings: Readonly<Record<string, string>> = {
  mx: "MX, OCP's rule",
  "mx,rceil,torchao": "MX, torchao",
  "mx,transformer-engine": "MX, TransformerEngine",
  "block:1x32,fp32": "float32, TransformerEngine",
  "nvfp4,transformer-engine": "NVFP4, TransformerEngine",
  "nvfp4,torchao": "NVFP4, torchao",
};

/** What becomes of a special block. */
export interface SpecialResult {
  readonly block: string;
  readonly scaling: string;
  /** Scale of the block, times that of the matrix where there is one. */
  readonly scale: string;
  readonly value: string;
  readonly company: string;
}

/** Every special block under every scaling, elements E2M1; computed. */
export function specialResults(): SpecialResult[] {
  return specialBlocks.flatMap(({name, value, company}) => {
    const values = Float32Array.from({length: 32}, (_, i) => (i === 3 ? value : company));
    return Object.entries(specialScalings).map(([scaling, label]) => {
      const cast = blockCast({rows: 1, columns: 32, values}, "e2m1", scaling);
      return {
        block: name,
        scaling: label,
        scale: scaleText(cast.scales[0].stored),
        value: roundedText(cast.values[3], 4),
        company: roundedText(cast.values[5], 4),
      };
    });
  });
}

/** Powers of two as such. */
function scaleText(scale: number): string {
  const exponent = Math.log2(scale);
  return Number.isInteger(exponent) && Math.abs(exponent) > 3 ? powerLabel(exponent) : roundedText(scale, 4);
}

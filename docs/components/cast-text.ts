import {isStochastic, randomBitsOf} from "../src/formats/rounding.js";
import {type Cast, leavesAsIs} from "../src/precision/parse-cast.js";
import type {Scaling} from "../src/precision/scaling.js";
import {formatLabel} from "./format-label.js";

/** What a cast does, in a few short lines: the format, where its scale comes from, and what else is special. */
export interface CastText {
  readonly format: string;
  readonly scale: string;
  /** None for a cast to the nearest value. */
  readonly extras: readonly string[];
}

/** A cast in the words of a picture. `along` says how the rows of its blocks lie in the picture. */
export function castText(cast: Cast, along: "rows" | "columns" = "rows"): CastText {
  if (leavesAsIs(cast)) return {format: "FP32", scale: "not cast", extras: []};
  const {element, scaling, hadamard} = cast;
  const {name} = element.format;
  return {
    format: name === "int2sym" ? "−1, 0, 1" : formatLabel(name),
    scale: scaleText(scaling, along),
    extras: [
      ...(element.rounding === "nearest-even" ? [] : [roundingText(element)]),
      ...(hadamard ? ["Hadamard"] : []),
    ],
  };
}

/** Of stochastic rounding its random bits, which matter more than its form. */
const roundingText = ({rounding, bits}: Cast["element"]): string => {
  if (!isStochastic(rounding) || rounding === "stochastic-equal") return rounding;
  const used = randomBitsOf(rounding, bits);
  return used === 32 ? "stochastic" : `${used} random bits`;
};

function scaleText(scaling: Cast["scaling"], along: "rows" | "columns"): string {
  if (scaling.kind === "constant") return scaling.scale === 1 ? "no scale" : `scale ${scaling.scale}`;
  if (scaling.kind === "tensor") return "one scale";
  if (scaling.kind === "mean") return "mean magnitude";
  if (scaling.kind === "delayed") return "past scale";
  const {prescale} = scaling.quantizer.scaling;
  return `${blocksText(scaling.quantizer.scaling, along)}${prescale === 1 ? "" : `, × ${prescale}`}`;
}

function blocksText({blockRows, blockColumns, scaleFormat}: Scaling, along: "rows" | "columns"): string {
  const format = scaleFormat === "pow2" ? "2ⁿ" : scaleFormat.toUpperCase();
  const [rows, columns] = along === "rows" ? [blockRows, blockColumns] : [blockColumns, blockRows];
  if (rows === "all" && columns === "all") return `one scale, ${format}`;
  if (rows === 1 && columns === "all") return "scale per row";
  if (rows === "all" && columns === 1) return "scale per column";
  return `${rows}×${columns}, ${format}`;
}

import {type Cast, leavesAsIs} from "../src/precision/parse-cast.js";
import type {Scaling} from "../src/precision/scaling.js";
import {formatLabel} from "./format-label.js";

/** What a cast does, in a few short lines: the format, where its scale comes from, and what else is special. */
export interface CastText {
  readonly format: string;
  readonly scale: string;
  /** Empty for a cast to the nearest value. */
  readonly extra: string;
}

/** A cast in the words of a picture. */
export function castText(cast: Cast): CastText {
  if (leavesAsIs(cast)) return {format: "FP32", scale: "not cast", extra: ""};
  const {element, scaling, hadamard} = cast;
  const extras = [
    ...(element.rounding === "nearest-even" ? [] : [element.rounding]),
    ...(hadamard ? ["Hadamard"] : []),
  ];
  return {format: formatLabel(element.format.name), scale: scaleText(scaling), extra: extras.join(", ")};
}

function scaleText(scaling: Cast["scaling"]): string {
  if (scaling.kind === "constant") return scaling.scale === 1 ? "no scale" : `scale ${scaling.scale}`;
  if (scaling.kind === "tensor") return "one scale";
  if (scaling.kind === "mean") return "mean magnitude";
  if (scaling.kind === "delayed") return "scale of past steps";
  return blocksText(scaling.quantizer.scaling);
}

function blocksText({blockRows, blockColumns, scaleFormat}: Scaling): string {
  const format = scaleFormat === "pow2" ? "power of 2" : scaleFormat.toUpperCase();
  if (blockRows === "all" && blockColumns === "all") return `one scale, ${format}`;
  if (blockRows === 1 && blockColumns === "all") return "scale per row";
  if (blockRows === "all" && blockColumns === 1) return "scale per column";
  return `${blockRows}×${blockColumns}, ${format}`;
}

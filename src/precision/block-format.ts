import {nearestName, usageError} from "../errors.js";
import {parseScaling} from "./parse-scaling.js";
import type {Scaling} from "./scaling.js";

/** A format of elements together with their scales. */
export interface BlockFormat {
  readonly name: string;
  readonly aliases: readonly string[];
  /** Name of the element format. */
  readonly element: string;
  /** In the words of `parseScaling`. */
  readonly scaling: string;
  readonly source: string;
}

const ocp = "OCP Microscaling Formats 1.0";

/** Named block formats. */
export const blockFormats: readonly BlockFormat[] = [
  block("mxfp8e4m3", ["mxfp8", "mxfp8_e4m3"], "e4m3fn", "mx", ocp),
  block("mxfp8e5m2", ["mxfp8_e5m2"], "e5m2", "mx", ocp),
  block("mxfp6e3m2", ["mxfp6_e3m2"], "e3m2", "mx", ocp),
  block("mxfp6e2m3", ["mxfp6_e2m3"], "e2m3", "mx", ocp),
  block("mxfp4", ["mxfp4e2m1", "mxfp4_e2m1"], "e2m1", "mx", ocp),
  block("mxint8", [], "mxint8", "mx", ocp),
  block("nvfp4", [], "e2m1", "nvfp4", "NVIDIA TransformerEngine; arXiv 2509.25149"),
  block("nf4", [], "nf4", "block:1x64,reciprocal", "QLoRA, arXiv 2305.14314; bitsandbytes"),
  block("dynamic8", [], "dynamic8", "block:1x2048,reciprocal", "arXiv 2110.02861; bitsandbytes"),
  block("udynamic8", [], "udynamic8", "block:1x2048,reciprocal", "arXiv 2110.02861; bitsandbytes"),
  block(
    "deepseek-activation",
    [],
    "e4m3fn",
    "block:1x128,divide,epsilon=1e-4",
    "DeepSeek-V3, arXiv 2412.19437",
  ),
  block(
    "deepseek-weight",
    [],
    "e4m3fn",
    "block:128x128,divide,epsilon=1e-4",
    "DeepSeek-V3, arXiv 2412.19437",
  ),
];

function block(
  name: string,
  aliases: readonly string[],
  element: string,
  scaling: string,
  source: string,
): BlockFormat {
  return {name, aliases, element, scaling, source};
}

const byName = new Map(
  blockFormats.flatMap((format) => [format.name, ...format.aliases].map((name) => [name, format] as const)),
);

/** The block format of a name, whatever its case; undefined for any other. */
export const findBlockFormat = (name: string): BlockFormat | undefined =>
  byName.get(name.trim().toLowerCase());

/** @throws a usage error that names the likely format and lists all */
export function parseBlockFormat(name: string): BlockFormat {
  const format = findBlockFormat(name);
  if (format) return format;
  const nearest = nearestName(name, [...byName.keys()]);
  const hint = nearest ? `did you mean ${nearest}? ` : "";
  const known = blockFormats.map((known) => known.name).join(", ");
  throw usageError(`unknown block format "${name}": ${hint}known are ${known}`);
}

export const scalingOf = (format: BlockFormat): Scaling => parseScaling(format.scaling);

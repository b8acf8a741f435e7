import type {Format} from "../src/formats/format.js";

/** What people call a format: E4M3 for the OCP format whose name in code ends in "fn". */
export function formatTitle({name}: Format): string {
  if (name === "e4m3fn") return "OCP E4M3";
  if (name === "e4m3") return "E4M3 as in IEEE 754";
  const [, shape, bias] = /^(e\dm\d)b(\d+)none$/.exec(name) ?? [];
  if (bias) return `${shape.toUpperCase()} with bias ${bias} and numbers only`;
  return name.replace(/^(e\dm\d)/, (shape) => shape.toUpperCase()).replace("fnuz", " FNUZ");
}

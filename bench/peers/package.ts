import {createRequire} from "node:module";
import {dirname, join} from "node:path";

/** Resolves from bench/package.json, whose packages are not the project's. */
const fromBench = createRequire(new URL("../package.json", import.meta.url));

/** Loads a peer's package. It is not installed where the project is type-checked, so the caller states its type. */
export const loadPackage = <Type>(name: string): Type => fromBench(name) as Type;

/** A folder inside a peer's package, with a slash at the end. */
export const packageFolder = (name: string, folder: string): string =>
  `${join(dirname(fromBench.resolve(`${name}/package.json`)), folder)}/`;

export interface Product {
  readonly m: number;
  readonly n: number;
  readonly k: number;
}

export const productName = ({m, n, k}: Product): string => (m === n && n === k ? `${m}³` : `${m}×${n}×${k}`);

/** Floating-point operations of one product, in units of 10⁹. */
export const gigaflop = ({m, n, k}: Product): number => (2 * m * n * k) / 1e9;

/** Values between -1 and 1 that are no special case of anything. */
export const testMatrix = (length: number): Float32Array<ArrayBuffer> =>
  Float32Array.from({length}, (_, i) => ((i * 7919) % 2003) / 1001 - 1);

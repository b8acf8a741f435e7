import {createHash} from "node:crypto";
import {expect, it} from "vitest";
import {weightHash} from "../../src/training/weight-hash.js";

it("weightHash(weights) is the SHA-256 of their little-endian bytes", () => {
  const weights = Float32Array.of(1, -2.5, 0, -0, 1e-40);
  expect(weightHash(weights)).toBe(createHash("sha256").update(weights).digest("hex"));
});

it("weightHash(weights) takes every NaN for the same one", () => {
  const bits = new Uint32Array([0x7fc00000, 0xffc00000, 0x7f800001]);
  const [a, b, c] = [...new Float32Array(bits.buffer)].map((_, i) => new Float32Array(bits.buffer, 4 * i, 1));
  expect(weightHash(a)).toBe(weightHash(b));
  expect(weightHash(a)).toBe(weightHash(c));
});

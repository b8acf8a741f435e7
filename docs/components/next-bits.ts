import type {Format} from "../src/formats/format.js";
import {bitsOf, decodeBits} from "./code-bits.js";

/**
 * The bits of the next value up (`direction` 1) or down (−1), infinities included. The two zeros count as one. Where there
 * is no next value, and from NaN, the same bits.
 */
export function nextBits(format: Format, bits: string, direction: 1 | -1): string {
  if (Number.isNaN(decodeBits(format, bits))) return bits;
  const order = isSignMagnitude(format) ? signMagnitude : isSigned(format) ? twosComplement : plain;
  const next = order.bits(order.place(bits) + BigInt(direction), bits.length);
  return next === undefined || Number.isNaN(decodeBits(format, next)) ? bits : next;
}

const isSignMagnitude = (format: Format): boolean => format.kind === "float" && format.signed;
const isSigned = (format: Format): boolean => format.kind === "integer" && format.signed;

/** The place of a code among all codes in ascending order of their values, and the code at a place. */
interface Order {
  readonly place: (bits: string) => bigint;
  readonly bits: (place: bigint, width: number) => string | undefined;
}

const plain: Order = {
  place: (bits) => BigInt(`0b${bits}`),
  bits: (place, width) => (place < 0n || place >= 1n << BigInt(width) ? undefined : bitsOf(place, width)),
};

const signMagnitude: Order = {
  place(bits) {
    const magnitude = BigInt(`0b0${bits.slice(1)}`);
    return bits[0] === "1" ? -magnitude : magnitude;
  },
  bits(place, width) {
    const magnitude = plain.bits(place < 0n ? -place : place, width - 1);
    return magnitude === undefined ? undefined : (place < 0n ? "1" : "0") + magnitude;
  },
};

const twosComplement: Order = {
  place: (bits) => BigInt.asIntN(bits.length, BigInt(`0b${bits}`)),
  bits(place, width) {
    const isInRange = BigInt.asIntN(width, place) === place;
    return isInRange ? bitsOf(BigInt.asUintN(width, place), width) : undefined;
  },
};

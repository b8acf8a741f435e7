/** A finite double as integer · 2^exponent, the integer odd or zero. */
export interface BinaryFraction {
  readonly integer: bigint;
  readonly exponent: number;
}

/** What a finite double is exactly. */
export function binaryFraction(x: number): BinaryFraction {
  const view = new DataView(new ArrayBuffer(8));
  view.setFloat64(0, Math.abs(x));
  const word = view.getBigUint64(0);
  const field = Number(word >> 52n);
  let integer = (word & 0xfffffffffffffn) | (field > 0 ? 0x10000000000000n : 0n);
  let exponent = Math.max(field, 1) - 1075;
  if (integer === 0n) return {integer: 0n, exponent: 0};
  while (integer % 2n === 0n) {
    integer /= 2n;
    exponent++;
  }
  return {integer: x < 0 ? -integer : integer, exponent};
}

/** All decimal digits of a finite double: "0.1015625", never in powers of ten. */
export function exactDecimal(x: number): string {
  const {integer, exponent} = binaryFraction(x);
  const sign = x < 0 || Object.is(x, -0) ? "−" : "";
  const magnitude = integer < 0n ? -integer : integer;
  if (exponent >= 0) return sign + String(magnitude << BigInt(exponent));
  // m / 2^k = m · 5^k / 10^k: as many digits behind the point as there are bits.
  const digits = String(magnitude * 5n ** BigInt(-exponent)).padStart(1 - exponent, "0");
  return `${sign}${digits.slice(0, exponent)}.${digits.slice(exponent)}`;
}

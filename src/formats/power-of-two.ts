const float64 = new Float64Array(1);
const words = new Uint32Array(float64.buffer); // little-endian: the high word is the second

/** 2^exponent, exact, for exponents of normal doubles: -1022 to 1023. */
export function powerOfTwo(exponent: number): number {
  words[0] = 0;
  words[1] = (exponent + 1023) << 20;
  return float64[0];
}

/** floor(log2 |x|) from the exponent field, for any x whose magnitude is a normal double. */
export function binaryExponent(x: number): number {
  float64[0] = x;
  return ((words[1] >>> 20) & 0x7ff) - 1023;
}

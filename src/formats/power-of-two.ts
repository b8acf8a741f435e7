const float64 = new Float64Array(1);
const words = new Uint32Array(float64.buffer); // little-endian: the high word is the second

/** 2^exponent, exact, for exponents of doubles: -1074 to 1023. */
export function powerOfTwo(exponent: number): number {
  if (exponent < -1022) return powerOfTwo(exponent + 1022) * powerOfTwo(-1022);
  words[0] = 0;
  words[1] = (exponent + 1023) << 20;
  return float64[0];
}

/** floor(log2 |x|) from the exponent field, for any finite x but zero. */
export function binaryExponent(x: number): number {
  float64[0] = x;
  const field = (words[1] >>> 20) & 0x7ff;
  return field > 0 ? field - 1023 : binaryExponent(x * powerOfTwo(54)) - 54;
}

/**
 * Reads `count` floats in order, so that they are in the second cache when they are used in pieces: processors fetch
 * ahead of time only what is read in order.
 * @returns a sum without meaning; without it the compiler would leave out the reading
 */
export function readAhead(x: usize, count: i32): f32 {
  const end = x + (<usize>count << 2);
  let sum: f32 = 0;
  for (; x < end; x += 64) sum += load<f32>(x);
  return sum;
}

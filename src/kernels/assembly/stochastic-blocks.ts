// The cast of blocks.ts with random bits: what `castBlocks` does, with a stochastic rounding.
// `../reference/blocks.ts` says what the results must be.
import {CastConstants} from "./cast-constants";
import {castFour} from "./cast-vector";
import {mixers, mixPlace} from "./rounding-bits";
import {constant, loadUpToFour, storeUpToFour} from "./vector-math";

/** What the loop loads into registers; see `constant` in vector-math.ts. */
const constants = memory.data<u32>([0x7fffffff, 2], 16);

/** Bits that E2M1 drops. */
const droppedByE2m1: i32 = 22;

/**
 * out = (cast(x · encode) · decode) · outer. Multipliers, scales and x must be finite. `out` may be `x`.
 *
 * @param cast address of a prepared cast in the rounding mode `stochastic`, as many bits as there are, which clamps to
 *   the largest value on either side and keeps negative zeros
 * @param startIndex index of the first element in its tensor, in which rows are `stride` elements long
 */
export function castBlocksStochastically(
  x: usize, out: usize, rows: i32, columns: i32, stride: i32, blockRows: i32, blockColumns: i32,
  encodes: usize, decodes: usize, outer: f32, cast: usize, startIndex: u32,
): void {
  const blocks = (columns + blockColumns - 1) / blockColumns;
  const rowBytes = <usize>stride << 2, scaleBytes = <usize>blocks << 2;
  const dropped = changetype<CastConstants>(cast).dropped;
  for (let row = 0; row < rows; row += blockRows) {
    const end = x + <usize>min(blockRows, rows - row) * rowBytes;
    for (; x < end; x += rowBytes) {
      // V8 spends three instructions more on a shift that is no constant.
      if (dropped != droppedByE2m1) {
        castRow(x, out, columns, blockColumns, encodes, decodes, outer, cast, startIndex, dropped);
      } else if (blockColumns == 1) {
        castRow(x, out, columns, 1, encodes, decodes, outer, cast, startIndex, droppedByE2m1);
      } else {
        castRow(x, out, columns, blockColumns, encodes, decodes, outer, cast, startIndex, droppedByE2m1);
      }
      out += rowBytes;
      startIndex += stride;
    }
    encodes += scaleBytes;
    decodes += scaleBytes;
  }
}

/**
 * The steps of `castStochastically` in quantize.ts, which says what is left to `castFour`: here that is one in 2²¹, too,
 * of the values that are not below the smallest normal one. A magnitude goes up where random bits are below its dropped
 * ones: where (sum − bits) + 2^dropped − 1 has a carry.
 */
@inline
function castRow(
  x: usize, out: usize, columns: i32, blockColumns: i32, encodes: usize, decodes: usize, outer: f32, cast: usize,
  startIndex: u32, dropped: i32,
): void {
  const c = changetype<CastConstants>(cast), isByColumn = blockColumns == 1;
  const mask = constant(constants, 0), two = constant(constants, 1), largest = f32x4.splat(c.largest);
  const minimum = i32x4.splat(c.minimum), all = i32x4.splat(~c.kept), outers = f32x4.splat(outer);
  const key1 = i32x4.splat(c.key1), mixer1 = constant(mixers, 1), mixer2 = constant(mixers, 2);
  const spread = constant(mixers, 0), fourth = i32x4.mul(i32x4.splat(4), spread), shift = 32 - dropped;
  const first = i32x4.mul(i32x4.add(i32x4(0, 1, 2, 3), i32x4.splat(startIndex)), spread);
  let place = i32x4.add(first, i32x4.splat(c.key0));
  for (let left = columns; left > 0; left -= blockColumns) {
    const width = isByColumn ? left : min(blockColumns, left), rest = width & 7;
    let encode0 = v128.load32_splat(encodes), encode1 = encode0;
    let decode0 = v128.load32_splat(decodes), decode1 = decode0;
    const end = x + (<usize>(width & ~7) << 2);
    while (x < end) {
      do {
        if (isByColumn) {
          encode0 = v128.load(encodes);
          encode1 = v128.load(encodes, 16);
        }
        const random0 = i32x4.shr_u(mixPlace(place, key1, mixer1, mixer2), shift);
        const x0 = f32x4.mul(v128.load(x), encode0);
        const magnitude0 = i32x4.min_s(v128.and(x0, mask), largest);
        const carrier0 = v128.and(minimum, i32x4.gt_s(minimum, magnitude0));
        const sum0 = i32x4.sub(f32x4.add(magnitude0, carrier0), random0);
        const rounded0 = f32x4.sub(v128.andnot(i32x4.add(sum0, all), all), carrier0);
        const y0 = v128.or(rounded0, v128.andnot(x0, mask));
        const close0 = i32x4.sub(v128.and(sum0, all), two);

        const next = i32x4.add(place, fourth);
        const random1 = i32x4.shr_u(mixPlace(next, key1, mixer1, mixer2), shift);
        const x1 = f32x4.mul(v128.load(x, 16), encode1);
        const magnitude1 = i32x4.min_s(v128.and(x1, mask), largest);
        const carrier1 = v128.and(minimum, i32x4.gt_s(minimum, magnitude1));
        const sum1 = i32x4.sub(f32x4.add(magnitude1, carrier1), random1);
        const rounded1 = f32x4.sub(v128.andnot(i32x4.add(sum1, all), all), carrier1);
        const y1 = v128.or(rounded1, v128.andnot(x1, mask));
        const close1 = i32x4.sub(v128.and(sum1, all), two);

        if (i32x4.bitmask(v128.or(close0, close1))) break;
        if (isByColumn) {
          decode0 = v128.load(decodes);
          decode1 = v128.load(decodes, 16);
          encodes += 32;
          decodes += 32;
        }
        v128.store(out, f32x4.mul(f32x4.mul(y0, decode0), outers));
        v128.store(out, f32x4.mul(f32x4.mul(y1, decode1), outers), 16);
        place = i32x4.add(next, fourth);
        x += 32;
        out += 32;
      } while (x < end);
      if (x < end) {
        castFew(x, out, 8, isByColumn, encodes, decodes, outer, cast, place);
        place = i32x4.add(place, i32x4.add(fourth, fourth));
        x += 32;
        out += 32;
        if (isByColumn) {
          encodes += 32;
          decodes += 32;
        }
      }
    }
    if (rest) {
      castFew(x, out, rest, isByColumn, encodes, decodes, outer, cast, place);
      place = i32x4.add(place, i32x4.mul(i32x4.splat(rest), spread));
      x += <usize>rest << 2;
      out += <usize>rest << 2;
    }
    if (isByColumn) break;
    encodes += 4;
    decodes += 4;
  }
}

/** Up to eight values of a row, whatever they are; `place` is that of the random bits of the first four. */
function castFew(
  x: usize, out: usize, count: i32, isByColumn: bool, encodes: usize, decodes: usize, outer: f32, cast: usize,
  place: v128,
): void {
  const key1 = i32x4.splat(changetype<CastConstants>(cast).key1);
  for (; count > 0; count -= 4) {
    const some = min(count, 4);
    const encode = isByColumn ? loadUpToFour(encodes, some) : v128.load32_splat(encodes);
    const decode = isByColumn ? loadUpToFour(decodes, some) : v128.load32_splat(decodes);
    const random = mixPlace(place, key1, constant(mixers, 1), constant(mixers, 2));
    const element = castFour(cast, f32x4.mul(loadUpToFour(x, some), encode), random);
    storeUpToFour(out, f32x4.mul(f32x4.mul(element, decode), f32x4.splat(outer)), some);
    place = i32x4.add(place, i32x4.mul(i32x4.splat(4), constant(mixers, 0)));
    x += 16;
    out += 16;
    if (isByColumn) {
      encodes += 16;
      decodes += 16;
    }
  }
}

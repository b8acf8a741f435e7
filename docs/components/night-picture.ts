import type {Matrix} from "./matrix-data.js";

const size = 96;
const moon = {x: 0.69, y: 0.26, radius: 0.12};
const stars = 46;

/**
 * A small landscape at night, drawn by arithmetic: light from 0 to 1, of which the moon has most. The eye sees the hills,
 * which are a hundred times darker; a number format may not.
 */
export function nightPicture(): Matrix {
  const values = Float32Array.from({length: size * size}, (_, i) => {
    const x = ((i % size) + 0.5) / size;
    const y = (Math.floor(i / size) + 0.5) / size;
    return light(x, y);
  });
  for (let star = 0; star < stars; star++) {
    const column = hash(2 * star) % size;
    const row = hash(2 * star + 1) % Math.floor(0.5 * size);
    const x = (column + 0.5) / size;
    const y = (row + 0.5) / size;
    if (distance(x, y) > 0.16 && y < ridge(x)) values[row * size + column] += 0.05 + (star % 5) * 0.06;
  }
  return {rows: size, columns: size, values};
}

function light(x: number, y: number): number {
  if (y > 0.86) return water(x, y);
  if (y > meadow(x)) return house(x, y) ?? 0.0016 + 0.0012 * (Math.floor(40 * (y - meadow(x))) % 2);
  if (y > ridge(x)) return 0.006 + 0.02 * Math.max(0, 0.72 - y) + 0.0025 * (Math.floor(60 * (x + y)) % 2);
  const from = distance(x, y);
  if (from < moon.radius) return crater(x, y) ? 0.55 : 0.92;
  const halo = 0.1 / (1 + (from / 0.09) * (from / 0.09));
  return 0.012 + 0.03 * y + halo;
}

/** Heights, from the top down. */
const ridge = (x: number): number => 0.66 - hill(x, 0.22, 0.26, 0.2) - hill(x, 0.78, 0.3, 0.11);
const meadow = (x: number): number => 0.78 - hill(x, 0.4, 0.5, 0.06);
const hill = (x: number, middle: number, width: number, height: number): number =>
  height * Math.max(0, 1 - ((x - middle) / width) * ((x - middle) / width));

function house(x: number, y: number): number | undefined {
  if (x < 0.24 || x > 0.4 || y < 0.745 || y > 0.84) return undefined;
  const isWindow = (x > 0.265 && x < 0.295) || (x > 0.335 && x < 0.365);
  return isWindow && y > 0.775 && y < 0.805 ? 0.2 : 0.0006;
}

function water(x: number, y: number): number {
  const isLit = Math.abs(x - moon.x) < 0.05 + 0.5 * (y - 0.86) && Math.floor(y * size) % 3 !== 0;
  return isLit ? 0.16 : 0.004 + 0.012 * (y - 0.86);
}

const crater = (x: number, y: number): boolean =>
  near(x, y, moon.x - 0.03, moon.y + 0.02, 0.03) ||
  near(x, y, moon.x + 0.045, moon.y - 0.045, 0.022) ||
  near(x, y, moon.x + 0.03, moon.y + 0.055, 0.018);
const near = (x: number, y: number, centreX: number, centreY: number, radius: number): boolean =>
  (x - centreX) * (x - centreX) + (y - centreY) * (y - centreY) < radius * radius;
const distance = (x: number, y: number): number =>
  Math.sqrt((x - moon.x) * (x - moon.x) + (y - moon.y) * (y - moon.y));

/** Integers that look scattered. */
function hash(i: number): number {
  let bits = Math.imul(i + 1, 0x9e3779b1);
  bits = Math.imul(bits ^ (bits >>> 15), 0x85ebca77);
  return (bits ^ (bits >>> 13)) >>> 0;
}

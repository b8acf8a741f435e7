// Token and position embedding: rows of two tables, weighted and added.
import {fill, scale, scaledAdd} from "./elementwise";

/**
 * out[b, t] = tokenWeight·table[tokens[b, t]] + positionWeight·positions[t]; out is (batch, context, width). Without
 * positions (0) the second summand is left out.
 */
export function embeddingForward(
  tokens: usize, table: usize, positions: usize, out: usize,
  batch: i32, context: i32, width: i32, tokenWeight: f32, positionWeight: f32,
): void {
  const bytes = <usize>width << 2;
  for (let sequence = 0; sequence < batch; sequence++) {
    for (let t = 0; t < context; t++) {
      const row = table + <usize>load<i32>(tokens) * bytes;
      if (positions) scaledAdd(row, tokenWeight, positions + <usize>t * bytes, positionWeight, out, width);
      else scale(row, tokenWeight, out, width);
      tokens += 4;
      out += bytes;
    }
  }
}

/**
 * tableGradient[token] = tokenScale·Σ outGradient over the places of the token, positionGradient[t] =
 * positionScale·Σ outGradient[b, t] over b, both summed in the order of the batch. Writes both completely, the second unless it is 0.
 */
export function embeddingBackward(
  tokens: usize, outGradient: usize, tableGradient: usize, positionGradient: usize,
  batch: i32, context: i32, width: i32, vocabulary: i32, tokenScale: f32, positionScale: f32,
): void {
  const bytes = <usize>width << 2;
  fill(tableGradient, 0, vocabulary * width);
  if (positionGradient) fill(positionGradient, 0, context * width);
  for (let sequence = 0; sequence < batch; sequence++) {
    for (let t = 0; t < context; t++) {
      addRow(outGradient, tableGradient + <usize>load<i32>(tokens) * bytes, width);
      if (positionGradient) addRow(outGradient, positionGradient + <usize>t * bytes, width);
      tokens += 4;
      outGradient += bytes;
    }
  }
  scale(tableGradient, tokenScale, tableGradient, vocabulary * width);
  if (positionGradient) scale(positionGradient, positionScale, positionGradient, context * width);
}

function addRow(row: usize, sum: usize, width: i32): void {
  const whole = <usize>(width & ~3) << 2, end = <usize>width << 2;
  let o: usize = 0;
  while (o < whole) {
    v128.store(sum + o, f32x4.add(v128.load(sum + o), v128.load(row + o)));
    o += 16;
  }
  while (o < end) {
    store<f32>(sum + o, load<f32>(sum + o) + load<f32>(row + o));
    o += 4;
  }
}

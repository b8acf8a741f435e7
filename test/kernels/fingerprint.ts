import {sha256} from "@noble/hashes/sha2.js";
import {bytesToHex} from "@noble/hashes/utils.js";
import type {Address, Kernels} from "../../src/kernels/kernels.js";

/**
 * A hash for each family of kernels, of what they compute from fixed random numbers at awkward sizes. Runs in Node and
 * in browsers, and has to give the same everywhere.
 */
export function fingerprint(kernels: Kernels): Record<string, string> {
  const mark = kernels.mark();
  let stream = 0;
  const normal = (count: number, spread = 1): Address => {
    const address = kernels.allocate(4 * count);
    kernels.randomNormal(address, count, 0, spread, 20, stream++, 0);
    return address;
  };
  const hash = (...parts: [Address, number][]): string => {
    const state = sha256.create();
    for (const [address, count] of parts) {
      state.update(new Uint8Array(kernels.memory.buffer, address, 4 * count));
    }
    return bytesToHex(state.digest()).slice(0, 16);
  };
  const families: Record<string, () => string> = {
    random: () => {
      const [normals, uniforms] = [normal(10_001), kernels.allocate(4 * 10_001)];
      kernels.randomUniform(uniforms, 10_001, -1, 3, 20, 99, 1);
      return hash([normals, 10_001], [uniforms, 10_001]);
    },
    gemm: () => {
      const [m, n, k] = [71, 45, 1030];
      const [a, b, c] = [normal(m * k), normal(n * k), normal(3 * m * n)];
      kernels.gemm(0, 0, m, n, k, a, k, b, n, c, n, 0.3, 0);
      kernels.gemm(0, 1, m, n, k, a, k, b, k, c + 4 * m * n, n, 1, 1);
      kernels.gemm(1, 0, m, n, k, a, m, b, n, c + 8 * m * n, n, 0.3, 0);
      return hash([c, 3 * m * n]);
    },
    attention: () => {
      const [batch, heads, context, headSize] = [2, 2, 45, 12];
      const width = heads * headSize;
      const rows = batch * context;
      const probabilityCount = batch * heads * context * context;
      const [qkv, out, probabilities] = [
        normal(3 * rows * width),
        normal(rows * width),
        normal(probabilityCount),
      ];
      const [outGradient, qkvGradient] = [normal(rows * width), normal(3 * rows * width)];
      const [ds, statistics] = [normal(context * context), kernels.allocate(8 * context)];
      for (let matrix = 0; matrix < batch * heads; matrix++) {
        const [sequence, head] = [Math.floor(matrix / heads), matrix % heads];
        const place = (columns: number) => 4 * (sequence * context * columns + head * headSize);
        const [q, k, v] = [0, 1, 2].map((part) => qkv + 4 * part * width + place(3 * width));
        const [dq, dk, dv] = [0, 1, 2].map((part) => qkvGradient + 4 * part * width + place(3 * width));
        const p = probabilities + 4 * matrix * context * context;
        const [y, dy] = [out + place(width), outGradient + place(width)];
        const size = [0, context, context, headSize] as const;
        kernels.attentionProbabilities(
          ...([q, k, 3 * width, 0, width, p, 0, context, statistics, ...size, 0.3, 0] as const),
        );
        kernels.attentionOutput(p, context, v, 3 * width, y, width, 0, context, headSize, 1.2);
        kernels.attentionLogitGradients(
          ...([
            q,
            k,
            v,
            3 * width,
            0,
            dy,
            width,
            p,
            0,
            ds,
            0,
            context,
            statistics,
            ...size,
            0.3,
            1.2,
            0,
          ] as const),
        );
        kernels.attentionGradients(
          ...([
            p,
            ds,
            0,
            context,
            q,
            k,
            3 * width,
            0,
            dy,
            width,
            dq,
            dk,
            dv,
            0,
            ...size,
            0.3,
            1.2,
            1,
          ] as const),
        );
      }
      return hash([out, rows * width], [probabilities, probabilityCount], [qkvGradient, 3 * rows * width]);
    },
    layerNorm: () => {
      const [rows, width] = [75, 37];
      const [x, gain, bias, y] = [normal(rows * width), normal(width), normal(width), normal(rows * width)];
      const [normalized, inverse] = [normal(rows * width), normal(rows)];
      const [xGradient, gainGradient, biasGradient] = [normal(rows * width), normal(width), normal(width)];
      kernels.layerNormForward(x, gain, bias, y, normalized, inverse, rows, width, 1e-5);
      kernels.layerNormBackward(
        ...([normalized, inverse, gain, y, xGradient, gainGradient, biasGradient] as const),
        ...([rows, width, 0.7, 1] as const),
      );
      return hash([y, rows * width], [xGradient, rows * width], [gainGradient, width], [biasGradient, width]);
    },
    gelu: () => {
      const [x, y, derivative] = [normal(20_003, 4), normal(20_003), normal(20_003)];
      kernels.geluForward(x, y, derivative, 20_003, 1.7);
      return hash([y, 20_003], [derivative, 20_003]);
    },
    crossEntropy: () => {
      const [rows, classes] = [77, 65];
      const [logits, gradient] = [normal(rows * classes, 3), normal(rows * classes)];
      const targets = kernels.allocate(4 * rows);
      kernels.int32(targets, rows).set(Int32Array.from({length: rows}, (_, row) => (row * 29) % classes));
      const loss = kernels.allocate(8);
      const value = kernels.crossEntropy(logits, targets, gradient, rows, classes, 1 / rows);
      new Float64Array(kernels.memory.buffer, loss, 1)[0] = value;
      return hash([gradient, rows * classes], [loss, 2]);
    },
    adamw: () => {
      const [weights, gradients, moments1, moments2] = [
        normal(1003),
        normal(1003),
        normal(1003),
        normal(1003),
      ];
      kernels.multiply(moments2, moments2, moments2, 1003);
      kernels.adamw(weights, gradients, moments1, moments2, 1003, 0.01, 0.9, 0.999, 1e-8, 0.1, 0.3, 0.02);
      return hash([weights, 1003], [moments1, 1003], [moments2, 1003]);
    },
    embedding: () => {
      const [batch, context, width, vocabulary] = [3, 11, 13, 7];
      const rows = batch * context;
      const tokens = kernels.allocate(4 * rows);
      kernels.int32(tokens, rows).set(Int32Array.from({length: rows}, (_, row) => (row * 5) % vocabulary));
      const [table, positions, out] = [
        normal(vocabulary * width),
        normal(context * width),
        normal(rows * width),
      ];
      kernels.embeddingForward(tokens, table, positions, out, batch, context, width, 0.6, 0.8);
      kernels.embeddingBackward(
        ...([tokens, out, table, positions, batch, context, width, vocabulary, 0.3, 0.7] as const),
      );
      return hash([out, rows * width], [table, vocabulary * width], [positions, context * width]);
    },
    statistics: () => {
      const [x, results, bins] = [normal(5001), kernels.allocate(48), kernels.allocate(4 * 40)];
      kernels.statistics(x, 5001, results);
      kernels.exponentHistogram(x, 5001, bins, -20, 40);
      return hash([results, 12], [bins, 40]);
    },
    scalarMath: () => {
      const values = kernels.allocate(8 * 4 * 1000);
      const results = Float64Array.from({length: 4000}, (_, i) => {
        const x = (i - 2000) / 97 + 1e-3;
        return [kernels.exp, kernels.log, kernels.cos, kernels.sin][i % 4](i % 4 === 1 ? x * x : x);
      });
      new Float64Array(kernels.memory.buffer, values, 4000).set(results);
      return hash([values, 8000]);
    },
    swiglu: () => {
      const [rows, width] = [75, 37];
      const [x, y, derivatives] = [
        normal(2 * rows * width, 4),
        normal(rows * width),
        normal(2 * rows * width),
      ];
      const gradient = normal(2 * rows * width);
      kernels.swigluForward(x, y, derivatives, rows, width, 1.7, 0.8);
      kernels.swigluBackward(derivatives, y, gradient, rows, width, 0.9);
      return hash([y, rows * width], [gradient, 2 * rows * width]);
    },
    rmsNorm: () => {
      const [rows, width] = [75, 37];
      const [x, gain, y] = [normal(rows * width), normal(width), normal(rows * width)];
      const [normalized, inverse] = [normal(rows * width), normal(rows)];
      const [xGradient, gainGradient] = [normal(rows * width), normal(width)];
      kernels.rmsNormForward(x, gain, y, normalized, inverse, rows, width, 1e-5);
      kernels.rmsNormBackward(
        ...([normalized, inverse, gain, y, xGradient, gainGradient, rows, width, 0.7] as const),
      );
      return hash([y, rows * width], [xGradient, rows * width], [gainGradient, width]);
    },
    convolution: () => {
      const shape = [3, 11, 2, 9, 5] as const;
      const [x, unfolded] = [normal(3 * 11 * 18), normal(3 * 11 * 18 * 5)];
      kernels.unfold(x, unfolded, ...shape);
      kernels.fold(unfolded, x, ...shape);
      return hash([x, 3 * 11 * 18], [unfolded, 3 * 11 * 18 * 5]);
    },
    highway: () => {
      const [rows, width] = [75, 37];
      const count = rows * width;
      const [input, gates, bias] = [normal(2 * count, 3), normal(2 * count), normal(2 * width)];
      const [previous, next, output] = [normal(count), normal(count), normal(count)];
      kernels.highwayForward(
        ...([input, 2 * width, gates, bias, previous, next, output, width, rows, width, 1, 1.3] as const),
      );
      const [carried, fromGates] = [normal(count), normal(count)];
      const [gatesGradient, sums] = [normal(2 * count), normal(2 * width)];
      kernels.highwayBackward(
        ...([output, width, gates, previous, carried, fromGates, gatesGradient, input, 2 * width] as const),
        ...([rows, width, 1.3] as const),
      );
      kernels.columnSums(gatesGradient, sums, rows, 2 * width, 0.3);
      return hash([next, count], [gatesGradient, 2 * count], [carried, count], [sums, 2 * width]);
    },
    plainActivations: () => {
      const [x, relu, silu, slopes] = [normal(20_003, 4), normal(20_003), normal(20_003), normal(20_003)];
      kernels.reluForward(x, relu, slopes, 20_003, 1.7);
      kernels.siluForward(x, silu, slopes, 20_003, 1.7);
      return hash([relu, 20_003], [silu, 20_003], [slopes, 20_003]);
    },
  };
  const hashes = Object.fromEntries(Object.entries(families).map(([name, run]) => [name, run()]));
  kernels.release(mark);
  return hashes;
}

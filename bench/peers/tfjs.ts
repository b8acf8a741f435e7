import {type Candidate, repeated} from "../measure.js";
import {gigaflop, type Product, testMatrix} from "../product.js";
import {folderOfPackage, loadPackage} from "./package.js";

interface Tensor {
  dispose(): void;
}

interface TensorFlow {
  setBackend(name: string): Promise<boolean>;
  ready(): Promise<void>;
  tensor2d(values: Float32Array, shape: [number, number]): Tensor;
  matMul(a: Tensor, b: Tensor): Tensor;
}

/** TensorFlow.js on its WebAssembly backend, one thread; operands stay on its side. */
export async function tfjsMatmul({m, n, k}: Product): Promise<Candidate> {
  const tf = loadPackage<TensorFlow>("@tensorflow/tfjs-core");
  const wasm = loadPackage<{setWasmPaths(folder: string): void}>("@tensorflow/tfjs-backend-wasm");
  wasm.setWasmPaths(folderOfPackage("@tensorflow/tfjs-backend-wasm", "dist"));
  await tf.setBackend("wasm");
  await tf.ready();
  const a = tf.tensor2d(testMatrix(m * k), [m, k]);
  const b = tf.tensor2d(testMatrix(k * n), [k, n]);
  return repeated("tfjs-wasm", "GFLOP/s", gigaflop({m, n, k}), () => tf.matMul(a, b).dispose());
}

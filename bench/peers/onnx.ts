import {type Candidate, repeated} from "../measure.js";
import {gigaflop, type Product, testMatrix} from "../product.js";
import {matmulModel} from "./onnx-model.js";
import {loadPackage} from "./package.js";

interface OnnxRuntime {
  readonly env: {readonly wasm: {numThreads: number}};
  readonly InferenceSession: {
    create(model: Uint8Array): Promise<{run(feeds: Record<string, unknown>): Promise<unknown>}>;
  };
  readonly Tensor: new (type: "float32", values: Float32Array, shape: number[]) => unknown;
}

/** onnxruntime-web, one thread, with tensors in and out: it keeps nothing between calls. */
export async function onnxMatmul({m, n, k}: Product): Promise<Candidate> {
  const onnx = loadPackage<OnnxRuntime>("onnxruntime-web/wasm");
  onnx.env.wasm.numThreads = 1;
  const session = await onnx.InferenceSession.create(matmulModel({m, n, k}));
  const a = new onnx.Tensor("float32", testMatrix(m * k), [m, k]);
  const b = new onnx.Tensor("float32", testMatrix(k * n), [k, n]);
  return repeated("onnxruntime-web", "GFLOP/s", gigaflop({m, n, k}), () => session.run({a, b}));
}

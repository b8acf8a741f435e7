import {spawn} from "node:child_process";
import {join} from "node:path";
import {createInterface} from "node:readline";
import type {ModelShape} from "../../src/nn/model-shape.js";
import {type AttentionShape, attentionGigaflop} from "../attention.js";
import type {Candidate} from "../measure.js";
import {gigaflop, type Product} from "../product.js";
import {benchFolder} from "./package.js";

/** PyTorch in a process of its own that works only while it is asked; see torch_bench.py. */
export interface Torch {
  readonly version: string;
  matmul(product: Product): Candidate;
  /** To float8_e4m3fn and back. */
  cast(): Candidate;
  /** Causal attention and its gradients. */
  attention(shape: AttentionShape): Candidate;
  train(shape: ModelShape, recipe: string, cast?: "bits" | "float8" | "compiled"): Candidate;
  close(): void;
}

/** Starts PyTorch with the interpreter that BITSCAPE_PYTHON names, else python3; undefined where that has none. */
export async function startTorch(): Promise<Torch | undefined> {
  const python = process.env.BITSCAPE_PYTHON ?? "python3";
  const child = spawn(python, ["-B", join(benchFolder, "torch_bench.py")], {
    stdio: ["pipe", "pipe", "ignore"],
  });
  child.on("error", () => {});
  child.stdin.on("error", () => {});
  const lines = createInterface(child.stdout)[Symbol.asyncIterator]();
  const first = await lines.next();
  if (first.done) return undefined;

  const ask = async (request: object): Promise<number> => {
    child.stdin.write(`${JSON.stringify(request)}\n`);
    const {value, done} = await lines.next();
    if (done) throw new Error("PyTorch ended unexpectedly");
    return JSON.parse(value).seconds;
  };
  const candidate = (name: string, unit: string, work: number, request: object): Candidate => ({
    name,
    unit,
    rate: async (seconds) => work / (await ask({...request, seconds})),
  });
  return {
    version: JSON.parse(first.value).torch,
    matmul: (product) => candidate("torch", "GFLOP/s", gigaflop(product), {task: "matmul", ...product}),
    cast: () => candidate("torch", "G elements/s", 32_768 / 1e9, {task: "cast", count: 32_768}),
    attention: (shape) =>
      candidate("torch", "GFLOP/s", attentionGigaflop(shape), {task: "attention", ...shape}),
    train({layers, width, heads, context, vocabulary, batch}, recipe, cast) {
      const shape = {layers, width, heads, context, vocabulary, batch};
      const request = {task: "train", shape, recipe, cast};
      return candidate(cast ? `torch, ${cast}` : "torch", "tokens/s", batch * context, request);
    },
    close: () => child.stdin.end(),
  };
}

import {createKernels, type Kernels} from "../src/kernels/kernels.js";
import {countParameters, gptParts, type ModelShape} from "../src/nn/model-shape.js";
import {parseBlockFormat} from "../src/precision/block-format.js";
import {matrixQuantizer} from "../src/precision/matrix-quantizer.js";
import {quantizeMatrix} from "../src/precision/quantize-matrix.js";
import {type QuantizerOptions, quantizer, quantizeScaled} from "../src/precision/quantizer.js";
import type {Corpus} from "../src/training/corpora/corpus.js";
import {createProber} from "../src/training/prober.js";
import type {RunSettings} from "../src/training/run-settings.js";
import {settingsParser} from "../src/training/run-settings-schema.js";
import {createTrainer} from "../src/training/trainer.js";
import {type Candidate, repeated} from "./measure.js";
import {gigaflop, type Product, testMatrix} from "./product.js";

/** The models that training is measured on, from 5 thousand to 830 thousand parameters. */
export const models: Readonly<Record<string, ModelShape>> = {
  "5k": {layers: 1, width: 16, heads: 1, context: 32, batch: 8, vocabulary: 32, ...gptParts},
  "33k": {layers: 2, width: 32, heads: 2, context: 64, batch: 8, vocabulary: 96, ...gptParts},
  "115k": {layers: 2, width: 64, heads: 4, context: 64, batch: 16, vocabulary: 96, ...gptParts},
  "830k": {layers: 4, width: 128, heads: 4, context: 128, batch: 16, vocabulary: 96, ...gptParts},
};

/** Training steps of our engine under the standard scheme, on random tokens. */
export async function training(shape: ModelShape, recipe: string): Promise<Candidate> {
  const trainer = createTrainer(
    trainingSettings(shape, recipe),
    await createKernels(),
    randomTokens(shape.vocabulary),
  );
  return repeated(recipe, "tokens/s", shape.batch * shape.context, () => trainer.step());
}

/** The same steps with every tensor probed in each. */
export async function probedTraining(shape: ModelShape, recipe: string): Promise<Candidate> {
  const [settings, kernels] = [trainingSettings(shape, recipe), await createKernels()];
  const trainer = createTrainer(settings, kernels, randomTokens(shape.vocabulary), {isProbed: true});
  const observe = createProber(kernels, trainer, settings.masterWeights);
  const tokens = shape.batch * shape.context;
  return repeated(`${recipe} probed`, "tokens/s", tokens, () => observe(0, trainer.step));
}

const trainingSettings = ({layers, width, heads, context, batch}: ModelShape, recipe: string): RunSettings =>
  settingsParser({schemes: ["standard"], recipes: [recipe], corpusChecksum: () => ""})({
    ...{recipe, layers, width, heads, context, batch, steps: 200_000, warmup: 0, schedule: "constant"},
  });

/** 10⁹ floating-point operations that training spends on one token: six for each parameter. */
export const gigaflopPerToken = (shape: ModelShape): number => (6 * countParameters(shape)) / 1e9;

function randomTokens(vocabularySize: number): Corpus {
  let state = 1;
  const next = () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return Math.floor((state / 2 ** 32) * vocabularySize);
  };
  return {
    name: "random",
    vocabularySize,
    floor: null,
    fill(_place, tokens, start, length) {
      for (let i = start; i < start + length; i++) tokens[i] = next();
      return next();
    },
    decode: String,
  };
}

/** Our matrix product. */
export async function matmul({m, n, k}: Product): Promise<Candidate> {
  const kernels = await createKernels();
  const a = allocate(kernels, testMatrix(m * k));
  const b = allocate(kernels, testMatrix(k * n));
  const c = kernels.allocate(m * n * 4);
  return repeated("bitscape", "GFLOP/s", gigaflop({m, n, k}), () =>
    kernels.gemm(0, 0, m, n, k, a, k, b, n, c, n, 1, 0),
  );
}

/** Our matrix product with a scale for each row and each column of every 128 products. */
export async function scaledMatmul({m, n, k}: Product): Promise<Candidate> {
  const part = 128;
  const kernels = await createKernels();
  const a = allocate(kernels, testMatrix(m * k));
  const b = allocate(kernels, testMatrix(k * n));
  const rowScales = allocate(kernels, testMatrix((m * k) / part));
  const columnScales = allocate(kernels, testMatrix((n * k) / part));
  const c = kernels.allocate(m * n * 4);
  return repeated("scaled", "GFLOP/s", gigaflop({m, n, k}), () =>
    kernels.scaledGemm(...([0, 0, m, n, k, a, k, b, n, part, rowScales, columnScales, c, n, 1, 0] as const)),
  );
}

/** Multiplications and additions in registers, what the instruction set allows; as many as in the product. */
export async function registerPeak(product: Product): Promise<Candidate> {
  const {registerPeak} = await createKernels();
  const gigaflopPerIteration = 80e-9;
  const iterations = Math.ceil(gigaflop(product) / gigaflopPerIteration);
  return repeated("register peak", "GFLOP/s", iterations * gigaflopPerIteration, () =>
    registerPeak(iterations),
  );
}

/** Elements that stay in the second-level cache together with the output. */
const cachedElements = 32_768;

/** Elements that do not fit in any cache, whose passes go through memory. */
const uncachedElements = 1 << 24;

interface CastCase extends QuantizerOptions {
  readonly scale?: number;
  /** Whether the data comes from memory. */
  readonly uncached?: boolean;
}

/** A cast with a given scale; by default to E4M3 as `fp8-scaled` does it, without the search for the scale. */
export async function cast(
  format = "e4m3fn",
  {scale = 256, uncached = false, policy = "ocp-saturate", ...options}: CastCase = {},
): Promise<Candidate> {
  const count = uncached ? uncachedElements : cachedElements;
  const {kernels, x, out} = await arrays(count);
  const target = quantizer(format, {policy, ...options});
  return repeated(format, "G elements/s", count / 1e9, () =>
    quantizeScaled(kernels, target, x, out, count, scale),
  );
}

async function arrays(count: number): Promise<{kernels: Kernels; x: number; out: number}> {
  const kernels = await createKernels();
  const x = allocate(kernels, testMatrix(count));
  return {kernels, x, out: kernels.allocate(count * 4)};
}

/** The cast to a block format, the scales of its blocks included; see `blockFormats`. */
export async function blockCast(
  name: string,
  options: Pick<QuantizerOptions, "rounding" | "bits"> = {},
): Promise<Candidate> {
  const kernels = await createKernels();
  const {element, scaling} = parseBlockFormat(name);
  const quantizer = matrixQuantizer(element, scaling, options);
  const x = allocate(kernels, testMatrix(cachedElements));
  const out = kernels.allocate(cachedElements * 4);
  return repeated(name, "G elements/s", cachedElements / 1e9, () =>
    quantizeMatrix(kernels, quantizer, x, out, cachedElements / 256, 256),
  );
}

/** The plainest pass over memory: each element is read, multiplied by one and written. */
export async function copy({uncached = false} = {}): Promise<Candidate> {
  const count = uncached ? uncachedElements : cachedElements;
  const {kernels, x, out} = await arrays(count);
  return repeated("copy", "G elements/s", count / 1e9, () => kernels.scale(x, 1, out, count));
}

function allocate(kernels: Kernels, values: Float32Array): number {
  const address = kernels.allocate(values.length * 4);
  kernels.float32(address, values.length).set(values);
  return address;
}

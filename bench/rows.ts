import type {FitOptions} from "../src/laws/fit.js";
import {attentionStep} from "./attention.js";
import {startProcess, startWorker, trainingIn} from "./elsewhere.js";
import {
  blockCast,
  cast,
  copy,
  gigaflopPerToken,
  matmul,
  models,
  probedTraining,
  registerPeak,
  scaledMatmul,
  training,
} from "./engine.js";
import {fitSeconds} from "./fits.js";
import {alternate, type Candidate, median, type Rates} from "./measure.js";
import {onnxMatmul} from "./peers/onnx.js";
import {tfjsMatmul} from "./peers/tfjs.js";
import type {Torch} from "./peers/torch.js";
import {hashing, planning} from "./planning.js";
import type {Product} from "./product.js";
import {finishedSweep, type Use} from "./store.js";
import {surface} from "./surface.js";
import {startSweeps} from "./sweeps.js";
import {unitAndPlain} from "./units.js";

/** What rows are measured with. */
export interface Bench {
  readonly rounds: number;
  /** PyTorch, started when first asked for; undefined where there is none. */
  torch(): Promise<Torch | undefined>;
}

export interface Measurement {
  /** One for each round. */
  readonly ratios: readonly number[];
  /** The measured rates, for people. */
  readonly detail: string;
}

/** One ratio that has to stay on the right side of a limit. */
export interface Row {
  readonly name: string;
  readonly meaning: string;
  readonly limit: number;
  readonly comparison: "at least" | "at most";
  /** Undefined where what it compares with is missing. */
  measure(bench: Bench): Promise<Measurement | undefined>;
}

const square: Product = {m: 512, n: 512, k: 512};
const feedForward: Product = {m: 2048, n: 512, k: 128};

const kernelSeconds = 0.06;
const trainingSeconds = 0.2;

/** Throughput of the first candidate over that of the second. */
async function compare(
  candidates: readonly Candidate[],
  rounds: number,
  seconds: number,
): Promise<Measurement> {
  const rates = await alternate(candidates, {rounds, seconds});
  return {ratios: quotients(rates, 0, 1), detail: describe(candidates, rates)};
}

const quotients = (rates: Rates, over: number, under: number): number[] =>
  rates[over].map((rate, round) => rate / rates[under][round]);

const describe = (candidates: readonly Candidate[], rates: Rates): string =>
  candidates.map(({name, unit}, i) => `${name} ${significant(median(rates[i]))} ${unit}`).join(", ");

const significant = (value: number): string =>
  value >= 10_000 ? `${(value / 1000).toPrecision(3)} k` : `${Number(value.toPrecision(3))}`;

const kernelRows: Row[] = [
  {
    name: "gemm/register-peak",
    meaning: "GEMM 512³ over multiply-and-add in registers",
    limit: 0.8,
    comparison: "at least",
    measure: async ({rounds}) =>
      compare([await matmul(square), await registerPeak(square)], rounds, kernelSeconds),
  },
  {
    name: "gemm/scaled",
    meaning: "GEMM 512³ with scales for every 128 products over the plain one",
    limit: 0.85,
    comparison: "at least",
    measure: async ({rounds}) =>
      compare([await scaledMatmul(square), await matmul(square)], rounds, kernelSeconds),
  },
  {
    name: "gemm/tfjs-wasm",
    meaning: "GEMM 2048×512×128 over TensorFlow.js",
    limit: 1.25,
    comparison: "at least",
    measure: async ({rounds}) =>
      compare([await matmul(feedForward), await tfjsMatmul(feedForward)], rounds, kernelSeconds),
  },
  {
    name: "gemm/onnxruntime-web",
    meaning: "GEMM 2048×512×128 over onnxruntime-web",
    limit: 1.5,
    comparison: "at least",
    measure: async ({rounds}) =>
      compare([await matmul(feedForward), await onnxMatmul(feedForward)], rounds, kernelSeconds),
  },
  {
    name: "gemm/torch",
    meaning: "GEMM 2048×512×128 over PyTorch, one thread",
    limit: 0.5,
    comparison: "at least",
    async measure({rounds, torch}) {
      const peer = (await torch())?.matmul(feedForward);
      return peer && compare([await matmul(feedForward), peer], rounds, kernelSeconds);
    },
  },
];

/**
 * Casts over a copy, which does one multiplication and passes the same bytes. A vector of four values takes twelve
 * instructions to nearest even (eight for bf16, whose rounding is an integer addition), two more with a scale that is
 * no power of two, one of them a division that starts every three to five cycles; and about 33 with random bits, ten of
 * which make the bits. Out of the caches memory is the limit, and the arithmetic should hide behind it.
 */
const castRows: Row[] = [
  castRow("cast/copy", "cast to E4M3 with a scale", 0.25, () => cast()),
  castRow("cast/fnuz", "cast to E4M3FNUZ, NaN beyond the range", 0.28, () =>
    cast("e4m3fnuz", {policy: "default", scale: 1}),
  ),
  castRow("cast/bf16", "cast to bfloat16", 0.28, () => cast("bf16", {policy: "default", scale: 1})),
  castRow("cast/odd-scale", "cast to E4M3 with a scale that is no power of two", 0.15, () =>
    cast("e4m3fn", {scale: 300}),
  ),
  castRow("cast/int8", "cast to 8-bit integers with a scale", 0.18, () => cast("int8", {scale: 64})),
  castRow("cast/stochastic", "stochastic cast to E4M3 with a scale", 0.08, () =>
    cast("e4m3fn", {rounding: "stochastic"}),
  ),
  castRow("cast/nf4", "cast to NF4", 0.04, () => cast("nf4", {policy: "default", scale: 1})),
  castRow(
    "cast/memory",
    "cast to E4M3 with a scale, all out of cache,",
    0.6,
    () => cast("e4m3fn", {uncached: true}),
    {
      uncached: true,
    },
  ),
  {
    name: "cast/torch",
    meaning: "cast to E4M3 without saturation over PyTorch's to float8 and back, one thread",
    limit: 1,
    comparison: "at least",
    async measure({rounds, torch}) {
      const peer = (await torch())?.cast();
      const ours = await cast("e4m3fn", {policy: "default", scale: 1});
      return peer && compare([ours, peer], rounds, kernelSeconds);
    },
  },
];

function castRow(
  name: string,
  meaning: string,
  limit: number,
  candidate: () => Promise<Candidate>,
  size: {readonly uncached?: boolean} = {},
): Row {
  return {
    ...{name, meaning: `${meaning} over a copy`, limit, comparison: "at least"},
    measure: async ({rounds}) => compare([await candidate(), await copy(size)], rounds, kernelSeconds),
  };
}

/**
 * Block formats, whose kernels are bound by arithmetic: three operations of the search for the largest magnitude on top
 * of the cast's thirteen, and for NVFP4 the search for that of the tensor and two divisions for each block of 16.
 */
const blockRows: Row[] = [
  ...blockRow("mxfp8e4m3", {cast: 0.55, copy: 0.12}),
  ...blockRow("mxfp4", {cast: 0.55, copy: 0.12}),
  ...blockRow("nvfp4", {cast: 0.35, copy: 0.07}),
  stochasticRow("mxfp4/stochastic", "random bits", 0.4, {rounding: "stochastic"}),
  stochasticRow("mxfp4/stochastic-a", "16 random bits", 0.5, {rounding: "stochastic-a", bits: 16}),
];

function stochasticRow(
  name: string,
  bits: string,
  limit: number,
  options: NonNullable<Parameters<typeof blockCast>[1]>,
): Row {
  return {
    ...{name, limit, comparison: "at least"},
    meaning: `cast to mxfp4 with ${bits} over the one to nearest even`,
    measure: async ({rounds}) =>
      compare([await blockCast("mxfp4", options), await blockCast("mxfp4")], rounds, kernelSeconds),
  };
}

function blockRow(name: string, limits: {cast: number; copy: number}): Row[] {
  const row = {comparison: "at least"} as const;
  return [
    {
      ...row,
      name: `${name}/cast`,
      meaning: `cast to ${name} with its scales over the cast to E4M3 with a given one`,
      limit: limits.cast,
      measure: async ({rounds}) => compare([await blockCast(name), await cast()], rounds, kernelSeconds),
    },
    {
      ...row,
      name: `${name}/copy`,
      meaning: `cast to ${name} with its scales over a scaled copy`,
      limit: limits.copy,
      measure: async ({rounds}) => compare([await blockCast(name), await copy()], rounds, kernelSeconds),
    },
  ];
}

/**
 * Matrix units over the plain product. Units that keep 13 bits need two multiplications, a trunc, an addition and half a
 * byte operation for four products where the plain product needs a multiplication and an addition, which bounds them
 * near 0.45; those that keep more work in double precision, near 0.28, or 0.5 where nothing has to be cut, as is usual
 * with FP8. Groups of four and eight pay for their alignment more often.
 */
const unitRows: Row[] = (
  [
    ["h100-wgmma", "e4m3", 0.25],
    ["h100-cublaslt", "e4m3", 0.25],
    ["ada-mma", "e4m3", 0.22],
    ["h100-mma", "e4m3", 0.18],
    ["h100-wgmma", "fp16", 0.08],
    ["h100-wgmma", "bf16", 0.08],
    ["h100-wgmma", "tf32", 0.06],
    ["a100-mma", "bf16", 0.05],
    ["v100-mma", "fp16", 0.02],
  ] as const
).map(([unit, type, limit]) => ({
  name: `unit/${unit}-${type}`,
  meaning: `GEMM 2048×512×128 by ${unit} on ${type} over the plain one`,
  limit,
  comparison: "at least",
  measure: async ({rounds}) => compare(await unitAndPlain(unit, type, feedForward), rounds, kernelSeconds),
}));

/** The attention of the model of 830k parameters, and one with a long context. */
const attentions = {
  "": {batch: 16, heads: 4, context: 128, headSize: 32},
  "-long": {batch: 1, heads: 4, context: 1024, headSize: 32},
};

/**
 * Attention makes each weight twice, with an exponential each time, and only blocks of weights are ever held; the
 * operations of its products alone are counted.
 */
const attentionRows: Row[] = Object.entries(attentions).flatMap(([suffix, shape]): Row[] => {
  const what = `causal attention of ${shape.context} positions with its gradients`;
  return [
    {
      name: `attention/gemm${suffix}`,
      meaning: `rate of the products of ${what} over GEMM 2048×512×128`,
      limit: 0.45,
      comparison: "at least",
      measure: async ({rounds}) =>
        compare([await attentionStep(shape), await matmul(feedForward)], rounds, kernelSeconds),
    },
    {
      name: `attention/torch${suffix}`,
      meaning: `${what} over PyTorch's fused one, one thread`,
      limit: 0.3,
      comparison: "at least",
      async measure({rounds, torch}) {
        const peer = (await torch())?.attention(shape);
        return peer && compare([await attentionStep(shape), peer], rounds, kernelSeconds);
      },
    },
  ];
});

/**
 * What a rounded step costs over one in float32. In smaller models there are fewer operations for each value that is
 * rounded, so the limits are wider there.
 */
const stepRows: Row[] = [
  ...Object.entries({"5k": 1.15, "33k": 1.1, "115k": 1.08, "830k": 1.05}).map(([size, limit]) =>
    stepRow("quantized", "fp8-scaled", size, limit),
  ),
  ...["fp8-block", "deepseek-v3", "mxfp8", "mxfp6", "mxfp4", "nvfp4"].map((recipe) =>
    stepRow(recipe, recipe, "830k", 1.15),
  ),
];

function stepRow(name: string, recipe: string, size: string, limit: number): Row {
  const shape = models[size];
  return {
    name: `step/${name}-${size}`,
    meaning: `time of a step with ${recipe} over an fp32 step, ${size} parameters`,
    limit,
    comparison: "at most",
    measure: async ({rounds}) =>
      compare([await training(shape, "fp32"), await training(shape, recipe)], rounds, trainingSeconds),
  };
}

/** Every so many steps a probed run looks at all of its tensors. */
const probeInterval = 100;

/**
 * What probes cost. A probed step runs the model once more, in float32, unless that is its recipe, and reads every tensor
 * several times.
 */
const probeRows: Row[] = ["fp32", "fp8-scaled", "mxfp8"].map((recipe) => ({
  name: `step/probed-${recipe}`,
  meaning: `time of ${probeInterval} ${recipe} steps, one of them probed, over that of ${probeInterval} without, 830k parameters`,
  limit: 1.02,
  comparison: "at most",
  async measure({rounds}) {
    const shape = models["830k"];
    const candidates = [await training(shape, recipe), await probedTraining(shape, recipe)];
    const rates = await alternate(candidates, {rounds, seconds: trainingSeconds});
    const ratios = quotients(rates, 0, 1).map((slowdown) => 1 + (slowdown - 1) / probeInterval);
    return {ratios, detail: describe(candidates, rates)};
  },
}));

const torchLimits: Readonly<Record<string, {eager: number; compiled: number}>> = {
  "5k": {eager: 4, compiled: 1.5},
  "33k": {eager: 1.7, compiled: 0.9},
  "115k": {eager: 1.3, compiled: 0.65},
  "830k": {eager: 0.9, compiled: 0.55},
};

/** Training against PyTorch, which casts in whichever of two ways is faster for it, or is compiled. */
const torchRows: Row[] = ["fp8-scaled", "fp8"].flatMap((recipe) =>
  Object.entries(models).flatMap(([size, shape]): Row[] => [
    {
      name: `train/torch-${recipe}-${size}`,
      meaning: `training tokens/s over PyTorch eager, ${recipe}, ${size} parameters`,
      limit: torchLimits[size].eager,
      comparison: "at least",
      async measure({rounds, torch}) {
        const peer = await torch();
        if (!peer) return undefined;
        const peers = [peer.train(shape, recipe, "bits"), peer.train(shape, recipe, "float8")];
        const candidates = [await training(shape, recipe), ...peers];
        const rates = await alternate(candidates, {rounds, seconds: trainingSeconds});
        const faster = median(rates[1]) > median(rates[2]) ? 1 : 2;
        return {ratios: quotients(rates, 0, faster), detail: describe(candidates, rates)};
      },
    },
    {
      name: `train/compiled-${recipe}-${size}`,
      meaning: `training tokens/s over PyTorch with torch.compile, ${recipe}, ${size} parameters`,
      limit: torchLimits[size].compiled,
      comparison: "at least",
      async measure({rounds, torch}) {
        const peer = (await torch())?.train(shape, recipe, "compiled");
        return peer && compare([await training(shape, recipe), peer], rounds, trainingSeconds);
      },
    },
  ]),
);

const engineRows: Row[] = [
  {
    name: "train/effective",
    meaning: "6·N·tokens/s of fp8-scaled training over GEMM 2048×512×128, 830k parameters",
    limit: 0.8,
    comparison: "at least",
    async measure({rounds}) {
      const candidates = [await training(models["830k"], "fp8-scaled"), await matmul(feedForward)];
      const rates = await alternate(candidates, {rounds, seconds: trainingSeconds});
      const perToken = gigaflopPerToken(models["830k"]);
      const ratios = quotients(rates, 0, 1).map((ratio) => ratio * perToken);
      return {ratios, detail: describe(candidates, rates)};
    },
  },
  {
    name: "train/two-workers",
    meaning: "two workers over one, training 115k parameters",
    limit: 1.85,
    comparison: "at least",
    async measure({rounds}) {
      const workers = [startWorker(), startWorker()];
      const request = {model: "115k", recipe: "fp8-scaled"};
      const candidates = [
        trainingIn("two workers", workers, request),
        trainingIn("one", workers.slice(0, 1), request),
      ];
      const measurement = await compare(candidates, rounds, trainingSeconds);
      for (const worker of workers) worker.close();
      return measurement;
    },
  },
  {
    name: "train/optimizing-tier",
    meaning: "V8's two WebAssembly tiers over the baseline tier alone, training 115k parameters",
    limit: 2.5,
    comparison: "at least",
    async measure({rounds}) {
      const processes = [startProcess([]), startProcess(["--liftoff-only"])];
      const request = {model: "115k", recipe: "fp8-scaled"};
      const candidates = [
        trainingIn("both tiers", processes.slice(0, 1), request),
        trainingIn("baseline", processes.slice(1), request),
      ];
      const measurement = await compare(candidates, rounds, trainingSeconds);
      for (const process of processes) process.close();
      return measurement;
    },
  },
];

const sweepRows: Row[] = [
  {
    name: "sweep/two-workers",
    meaning: "runs/s of a sweep with two workers over one",
    limit: 1.9,
    comparison: "at least",
    async measure({rounds}) {
      const sweeps = startSweeps();
      const candidates = [sweeps.runs("two workers", 2), sweeps.runs("one", 1)];
      const measurement = await compare(candidates, rounds, trainingSeconds);
      await sweeps.close();
      return measurement;
    },
  },
  {
    name: "sweep/overhead",
    meaning: "milliseconds of plan, store and dispatch for each run",
    limit: 20,
    comparison: "at most",
    async measure({rounds}) {
      const sweeps = startSweeps();
      await sweeps.overhead();
      const ratios: number[] = [];
      for (let round = 0; round < rounds; round++) ratios.push(await sweeps.overhead());
      await sweeps.close();
      return {ratios, detail: "50 runs of two steps, one worker"};
    },
  },
];

const planningRows: Row[] = [
  {
    name: "sweep/planning",
    meaning: "planning 10,000 runs over reading, writing and hashing their JSON",
    limit: 0.1,
    comparison: "at least",
    measure: async ({rounds}) => compare([planning(), hashing()], rounds, trainingSeconds),
  },
  {
    name: "sweep/planning-seconds",
    meaning: "seconds to plan 10,000 runs",
    limit: 2,
    comparison: "at most",
    async measure({rounds}) {
      const rates = await alternate([planning()], {rounds, seconds: trainingSeconds});
      return {ratios: rates[0].map((rate) => 10_000 / rate), detail: describe([planning()], rates)};
    },
  },
];

const finishedRuns = 10_000;

/** Limits of the machinery around runs; in seconds and megabytes, since there is nothing to compare with. */
const storeRows: Row[] = [
  {
    name: "sweep/nothing-to-do",
    meaning: `seconds of a sweep of ${finishedRuns} runs that are all finished`,
    limit: 3,
    comparison: "at most",
    measure: async ({rounds}) => measureFinished(rounds, ["SETTINGS"], ({seconds}) => seconds),
  },
  {
    name: "sweep/memory",
    meaning: `megabytes of a sweep of ${finishedRuns} runs that are all finished`,
    limit: 300,
    comparison: "at most",
    measure: async ({rounds}) => measureFinished(rounds, ["SETTINGS"], ({megabytes}) => megabytes),
  },
  {
    name: "sweep/export-memory",
    meaning: `megabytes of the export of the ${(finishedRuns * 500) / 1e6} million steps of ${finishedRuns} runs`,
    limit: 400,
    comparison: "at most",
    measure: async () =>
      measureFinished(
        1,
        ["export", "SETTINGS", "--table", "steps", "--format", "arrow"],
        (use) => use.megabytes,
      ),
  },
];

function measureFinished(rounds: number, args: readonly string[], value: (use: Use) => number): Measurement {
  const sweep = finishedSweep(finishedRuns);
  const uses = Array.from({length: Math.min(rounds, 5)}, () => sweep.run(...args));
  sweep.remove();
  const [seconds, megabytes] = [uses.map((use) => use.seconds), uses.map((use) => use.megabytes)].map(median);
  return {ratios: uses.map(value), detail: `${significant(seconds)} s, ${significant(megabytes)} MB`};
}

const surfaceRows: Row[] = [
  {
    name: "laws/surface",
    meaning: "milliseconds of 200 × 200 losses of the precision law, for a frame of a drag",
    limit: 4,
    comparison: "at most",
    measure: async ({rounds}) => surfaceTime(surface("precision", "weightBits", "activationBits"), rounds),
  },
  {
    name: "laws/surface-floats",
    meaning: "milliseconds of 200 × 200 losses of the floating-point law",
    limit: 4,
    comparison: "at most",
    measure: async ({rounds}) =>
      surfaceTime(surface("floating-point", "exponentBits", "mantissaBits"), rounds),
  },
];

async function surfaceTime(candidate: Candidate, rounds: number): Promise<Measurement> {
  const [rates] = await alternate([candidate], {rounds, seconds: kernelSeconds});
  return {ratios: rates.map((rate) => 1000 / rate), detail: `${significant(median(rates))} surfaces/s`};
}

/** Long enough that three rounds tell. */
const fitRows: Row[] = [
  fitRow("fit/starts", "4500 starts of a fit to 240 runs", 10, {starts: "grid", variableProjection: false}),
  fitRow("fit/bootstrap", "a fit to 240 runs with 1000 bootstraps", 60, {bootstrap: {replicates: 1000}}),
];

function fitRow(name: string, what: string, limit: number, options: FitOptions): Row {
  return {
    ...{name, meaning: `seconds of ${what}, on two cores`, limit, comparison: "at most"},
    async measure({rounds}) {
      const ratios: number[] = [];
      for (let round = 0; round < Math.min(rounds, 3); round++) ratios.push(await fitSeconds(options));
      return {ratios, detail: "Chinchilla's law, its replication's runs"};
    },
  };
}

export const rows: readonly Row[] = [
  ...kernelRows,
  ...castRows,
  ...blockRows,
  ...unitRows,
  ...attentionRows,
  ...stepRows,
  ...probeRows,
  ...torchRows,
  ...engineRows,
  ...sweepRows,
  ...planningRows,
  ...storeRows,
  ...surfaceRows,
  ...fitRows,
];

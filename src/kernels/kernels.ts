import {failure} from "../errors.js";
import {wasmBase64} from "./generated.js";

/** An address in bytes in the memory of the kernels. */
export type Address = number;

/**
 * The compiled kernels, the one table through which everything else reaches them. Matrices are row-major float32,
 * counts and sizes are in elements, scalars are rounded to float32 unless a kernel says otherwise. The meaning of
 * each is stated at its definition in `assembly/` and in the readable twin in `reference/`.
 */
export interface KernelExports {
  gemm(
    transposeA: number,
    transposeB: number,
    m: number,
    n: number,
    k: number,
    a: Address,
    lda: number,
    b: Address,
    ldb: number,
    c: Address,
    ldc: number,
    alpha: number,
    accumulate: number,
  ): void;
  scaledGemm(
    transposeA: number,
    transposeB: number,
    m: number,
    n: number,
    k: number,
    a: Address,
    lda: number,
    b: Address,
    ldb: number,
    part: number,
    rowScales: Address,
    columnScales: Address,
    c: Address,
    ldc: number,
    factor: number,
    accumulate: number,
  ): void;
  /** Matrix units that keep few bits; `precision/units/unit-product.ts` chooses between this and the wide one. */
  narrowUnitGemm(
    transposeA: number,
    transposeB: number,
    m: number,
    n: number,
    k: number,
    a: Address,
    lda: number,
    b: Address,
    ldb: number,
    c: Address,
    ldc: number,
    alpha: number,
    accumulate: number,
    groupSize: number,
    fractionBits: number,
    output: number,
    alignmentFloor: number,
    minimumExponentA: number,
    minimumExponentB: number,
    productBits: number,
    promotion: number,
    interleaved: number,
    scratch: Address,
  ): void;
  narrowUnitScratch(m: number, n: number, k: number, groupSize: number, interleaved: number): number;
  wideUnitGemm(
    transposeA: number,
    transposeB: number,
    m: number,
    n: number,
    k: number,
    a: Address,
    lda: number,
    b: Address,
    ldb: number,
    c: Address,
    ldc: number,
    alpha: number,
    accumulate: number,
    groupSize: number,
    fractionBits: number,
    output: number,
    alignmentFloor: number,
    minimumExponentA: number,
    minimumExponentB: number,
    productBits: number,
    promotion: number,
    interleaved: number,
    scratch: Address,
  ): void;
  wideUnitScratch(m: number, n: number, k: number, groupSize: number, interleaved: number): number;
  /** Prepared casts of products, sums, sums of blocks and their starts; `precision/units/matmul.ts` prepares them. */
  accumulateGemm(
    transposeA: number,
    transposeB: number,
    m: number,
    n: number,
    k: number,
    a: Address,
    lda: number,
    b: Address,
    ldb: number,
    c: Address,
    ldc: number,
    accumulate: number,
    casts: Address,
    castBytes: number,
    exactProduct: number,
    order: number,
    blockLength: number,
    compensated: number,
    promotion: number,
    stochastic: number,
    seed: number,
  ): void;
  exactGemm(
    transposeA: number,
    transposeB: number,
    m: number,
    n: number,
    k: number,
    a: Address,
    lda: number,
    b: Address,
    ldb: number,
    c: Address,
    ldc: number,
    accumulate: number,
    significantBits: number,
    lastExponent: number,
    largest: number,
  ): void;
  attentionProbabilities(
    q: Address,
    k: Address,
    stride: number,
    r: Address | 0,
    width: number,
    p: Address,
    shifted: Address | 0,
    pitch: number,
    statistics: Address,
    first: number,
    rows: number,
    context: number,
    headSize: number,
    logitScale: number,
    squareRoot: number,
  ): void;
  attentionOutput(
    p: Address,
    pitch: number,
    v: Address,
    stride: number,
    y: Address,
    width: number,
    first: number,
    rows: number,
    headSize: number,
    outputScale: number,
  ): void;
  attentionLogitGradients(
    q: Address,
    k: Address,
    v: Address,
    stride: number,
    r: Address | 0,
    dy: Address,
    width: number,
    p: Address,
    isGiven: number,
    ds: Address,
    shifted: Address | 0,
    pitch: number,
    statistics: Address,
    first: number,
    rows: number,
    context: number,
    headSize: number,
    logitScale: number,
    outputScale: number,
    squareRoot: number,
  ): void;
  attentionGradients(
    p: Address,
    ds: Address,
    shifted: Address | 0,
    pitch: number,
    q: Address,
    k: Address,
    stride: number,
    r: Address | 0,
    dy: Address,
    width: number,
    dq: Address,
    dk: Address,
    dv: Address,
    dr: Address | 0,
    first: number,
    rows: number,
    context: number,
    headSize: number,
    logitScale: number,
    outputScale: number,
    isLast: number,
  ): void;
  layerNormForward(
    x: Address,
    gain: Address,
    bias: Address,
    y: Address,
    normalized: Address,
    inverseSpread: Address,
    rows: number,
    width: number,
    epsilon: number,
  ): number;
  layerNormBackward(
    normalized: Address,
    inverseSpread: Address,
    gain: Address,
    yGradient: Address,
    xGradient: Address,
    gainGradient: Address,
    biasGradient: Address,
    rows: number,
    width: number,
    parameterScale: number,
    accumulate: number,
  ): void;
  geluForward(x: Address, y: Address, derivative: Address, count: number, scale: number): number;
  reluForward(x: Address, y: Address, derivative: Address, count: number, scale: number): number;
  siluForward(x: Address, y: Address, derivative: Address, count: number, scale: number): number;
  swigluForward(
    x: Address,
    y: Address,
    derivatives: Address,
    rows: number,
    width: number,
    scale: number,
    multiplier: number,
  ): void;
  swigluBackward(
    derivatives: Address,
    yGradient: Address,
    xGradient: Address,
    rows: number,
    width: number,
    scale: number,
  ): void;
  rmsNormForward(
    x: Address,
    gain: Address,
    y: Address,
    normalized: Address,
    inverseSpread: Address,
    rows: number,
    width: number,
    epsilon: number,
  ): void;
  rmsNormBackward(
    normalized: Address,
    inverseSpread: Address,
    gain: Address,
    yGradient: Address,
    xGradient: Address,
    gainGradient: Address,
    rows: number,
    width: number,
    parameterScale: number,
  ): void;
  unfold(
    x: Address,
    out: Address,
    batch: number,
    context: number,
    groups: number,
    channels: number,
    kernelSize: number,
  ): void;
  fold(
    unfolded: Address,
    x: Address,
    batch: number,
    context: number,
    groups: number,
    channels: number,
    kernelSize: number,
  ): void;
  highwayForward(
    input: Address,
    inputStride: number,
    gates: Address,
    bias: Address,
    previous: Address,
    next: Address,
    output: Address,
    outputStride: number,
    rows: number,
    width: number,
    carryBias: number,
    outputScale: number,
  ): void;
  highwayBackward(
    outputGradient: Address,
    outputStride: number,
    gates: Address,
    previous: Address,
    carried: Address,
    fromGates: Address,
    gatesGradient: Address,
    inputGradient: Address,
    inputStride: number,
    rows: number,
    width: number,
    outputScale: number,
  ): void;
  columnSums(x: Address, sums: Address, rows: number, width: number, factor: number): void;
  /** Returns the largest magnitude of the results, as do the other kernels whose results may be cast. */
  multiply(a: Address, b: Address, out: Address, count: number): number;
  copyRows(
    from: Address,
    fromStride: number,
    to: Address,
    toStride: number,
    rows: number,
    columns: number,
  ): void;
  rotatePairs(
    x: Address,
    rows: number,
    period: number,
    width: number,
    cosines: Address,
    sines: Address,
  ): void;
  scaledAdd(a: Address, alpha: number, b: Address, beta: number, out: Address, count: number): number;
  scale(x: Address, alpha: number, out: Address, count: number): void;
  fill(out: Address, value: number, count: number): void;
  embeddingForward(
    tokens: Address,
    table: Address,
    positions: Address | 0,
    out: Address,
    batch: number,
    context: number,
    width: number,
    tokenWeight: number,
    positionWeight: number,
  ): void;
  embeddingBackward(
    tokens: Address,
    outGradient: Address,
    tableGradient: Address,
    positionGradient: Address | 0,
    batch: number,
    context: number,
    width: number,
    vocabulary: number,
    tokenScale: number,
    positionScale: number,
  ): void;
  /** Returns the summed loss in nats, in double precision. */
  crossEntropy(
    logits: Address,
    targets: Address,
    logitsGradient: Address | 0,
    rows: number,
    classes: number,
    gradientScale: number,
  ): number;
  /** Hyperparameters in double precision. */
  adamw(
    weights: Address,
    gradients: Address,
    moments1: Address,
    moments2: Address,
    count: number,
    learningRate: number,
    beta1: number,
    beta2: number,
    epsilon: number,
    weightDecay: number,
    correction1: number,
    correction2: number,
  ): void;
  momentumStep(
    weights: Address,
    gradients: Address,
    moments: Address,
    count: number,
    learningRate: number,
    momentum: number,
    weightDecay: number,
  ): void;
  /** Hyperparameters in double precision. */
  lionStep(
    weights: Address,
    gradients: Address,
    moments: Address,
    count: number,
    learningRate: number,
    beta1: number,
    beta2: number,
    weightDecay: number,
  ): void;
  /** Hyperparameters in double precision. */
  lambDirection(
    weights: Address,
    gradients: Address,
    moments1: Address,
    moments2: Address,
    direction: Address,
    count: number,
    beta1: number,
    beta2: number,
    epsilon: number,
    weightDecay: number,
    correction1: number,
    correction2: number,
  ): void;
  /** In double precision. */
  sumOfSquares(x: Address, count: number): number;
  /** `cast` is the address of a prepared cast, see `prepareCast` of src/precision; `words` may be 0. */
  castWith(
    cast: Address,
    x: Address,
    out: Address,
    count: number,
    scale: number,
    startIndex: number,
    words: Address | 0,
  ): void;
  /** Room for one prepared cast in the static data. */
  castSlot(): Address;
  setRoundingKey(cast: Address, seed: number, stream: number, step: number): void;
  /** 32 random bits as an unsigned integer. */
  roundingBits(seed: number, stream: number, step: number, index: number): number;
  fillRoundingBits(
    out: Address,
    count: number,
    seed: number,
    stream: number,
    step: number,
    startIndex: number,
  ): void;
  randomNormal(
    out: Address,
    count: number,
    mean: number,
    spread: number,
    seed: number,
    stream: number,
    step: number,
  ): void;
  randomUniform(
    out: Address,
    count: number,
    low: number,
    high: number,
    seed: number,
    stream: number,
    step: number,
  ): void;
  /** 32 random bits as an unsigned integer. */
  randomBits(seed: number, stream: number, step: number, index: number): number;
  randomBlock(
    counter0: number,
    counter1: number,
    counter2: number,
    counter3: number,
    key0: number,
    key1: number,
    out: Address,
  ): void;
  blockScratch(): Address;
  blockMagnitudes(
    x: Address,
    rows: number,
    columns: number,
    stride: number,
    blockRows: number,
    blockColumns: number,
    out: Address,
  ): void;
  /** Returns 1 where all magnitudes, multipliers and scales are finite. */
  blockScales(
    amaxes: Address,
    count: number,
    encodes: Address,
    decodes: Address,
    chain: number,
    largest: number,
    mantissaBits: number,
    epsilon: number,
    flags: number,
    scaleMantissaBits: number,
    scaleMinimumExponent: number,
    scaleLargest: number,
    scaleLeast: number,
    outerEncode: number,
    outerDecode: number,
  ): number;
  /** Returns 1 where all magnitudes, multipliers and scales are finite. */
  fourOverSixScales(
    x: Address,
    rows: number,
    columns: number,
    stride: number,
    blockRows: number,
    blockColumns: number,
    amaxes: Address,
    encodes: Address,
    decodes: Address,
    scaleMantissaBits: number,
    scaleMinimumExponent: number,
    scaleLargest: number,
    scaleLeast: number,
    outerEncode: number,
    outerDecode: number,
    outerAmax: number,
    range: number,
    isSquared: number,
  ): number;
  castBlocks(
    x: Address,
    out: Address,
    rows: number,
    columns: number,
    stride: number,
    blockRows: number,
    blockColumns: number,
    encodes: Address,
    decodes: Address | 0,
    outer: number,
    divides: number,
    mantissaBits: number,
    minimumExponent: number,
    largest: number,
  ): void;
  /** `cast` is the address of a prepared cast, see `castWith`. */
  castBlocksStochastically(
    x: Address,
    out: Address,
    rows: number,
    columns: number,
    stride: number,
    blockRows: number,
    blockColumns: number,
    encodes: Address,
    decodes: Address,
    outer: number,
    cast: Address,
    startIndex: number,
  ): void;
  readonly castBlocksByHalves: KernelExports["castBlocksStochastically"];
  scaleBlocks(
    x: Address,
    out: Address,
    rows: number,
    columns: number,
    stride: number,
    blockRows: number,
    blockColumns: number,
    factors: Address,
    outer: number,
    divides: number,
  ): void;
  clipGradients(
    gradient: Address,
    x: Address,
    rows: number,
    columns: number,
    stride: number,
    blockRows: number,
    blockColumns: number,
    limits: Address,
  ): void;
  scaleProduct(
    p: Address,
    ldp: number,
    rowScales: Address,
    columnScales: Address,
    c: Address,
    ldc: number,
    m: number,
    n: number,
    factor: number,
    accumulate: number,
  ): void;
  hadamardRows(x: Address, out: Address, count: number, negativeSigns: number): void;
  hadamardColumns(
    x: Address,
    out: Address,
    rows: number,
    columns: number,
    negativeSigns: number,
    magnitudes: Address | 0,
    blockRows: number,
  ): void;
  logarithmStatistics(x: Address, count: number, out: Address): void;
  s2fp8Encode(x: Address, out: Address, count: number, exponent: number, shift: number): void;
  s2fp8Decode(y: Address, out: Address, count: number, exponent: number, shift: number): void;
  statistics(x: Address, count: number, out: Address): void;
  largestMagnitude(x: Address, count: number): number;
  /** Brings floats that are about to be used in pieces into the second cache; the result has no meaning. */
  readAhead(x: Address, count: number): number;
  /** In double precision. */
  sumOfMagnitudes(x: Address, count: number): number;
  exponentHistogram(x: Address, count: number, out: Address, minimumExponent: number, bins: number): void;
  countMagnitudes(x: Address, count: number, low: number, high: number, out: Address): void;
  compareTensors(x: Address, y: Address, count: number, out: Address): void;
  countCodes(x: Address, count: number, signedZeros: number, map: Address): number;
  countSmallUpdates(
    before: Address,
    after: Address,
    scaled: Address | 0,
    scale: number,
    count: number,
    mantissaBits: number,
    minimumExponent: number,
  ): number;
  log(x: number): number;
  exp(x: number): number;
  cos(x: number): number;
  sin(x: number): number;
  registerPeak(iterations: number): number;
}

/** The memory the kernels work in: allocation from the bottom up, given back down to a mark. */
export interface Arena {
  readonly memory: WebAssembly.Memory;
  /** Address of `bytes` fresh bytes, aligned to 64; throws when the 4 GiB of 32-bit addresses do not suffice. */
  allocate(bytes: number): Address;
  /** Makes room for `bytes` more at once; whether the 4 GiB of 32-bit addresses, and the machine, allow it. */
  reserve(bytes: number): boolean;
  /** The present end of the arena. */
  mark(): Address;
  /** Gives back everything allocated since `mark`. */
  release(mark: Address): void;
  /** View of `length` floats. The memory may move when it grows: make views anew after any allocation. */
  float32(address: Address, length: number): Float32Array<ArrayBuffer>;
  /** View of `length` integers, see `float32`. */
  int32(address: Address, length: number): Int32Array<ArrayBuffer>;
  /** View of `length` unsigned integers, see `float32`. */
  uint32(address: Address, length: number): Uint32Array<ArrayBuffer>;
}

export interface Kernels extends KernelExports, Arena {}

/** What 32-bit addresses reach. */
export const largestMemoryBytes = 2 ** 32;

const pageBytes = 65536;
const alignment = 64;

let compiled: Promise<WebAssembly.Module> | undefined;

/** Instantiates the kernels with a private memory of at least `initialPages` pages of 64 KiB, which grows on demand. */
export async function createKernels({initialPages = 64} = {}): Promise<Kernels> {
  compiled ??= WebAssembly.compile(decodeBase64(wasmBase64));
  const memory = new WebAssembly.Memory({initial: initialPages});
  const instance = await WebAssembly.instantiate(await compiled, {env: {memory}});
  const exports = instance.exports as unknown as KernelExports & {heapBase(): number};
  return {
    ...exports,
    randomBits: (seed, stream, step, index) => exports.randomBits(seed, stream, step, index) >>> 0,
    roundingBits: (seed, stream, step, index) => exports.roundingBits(seed, stream, step, index) >>> 0,
    ...createArena(memory, exports.heapBase()),
  };
}

function createArena(memory: WebAssembly.Memory, base: Address): Arena {
  let end = alignedBytes(base);
  return {
    memory,
    allocate(bytes) {
      const address = end;
      const needed = alignedBytes(address + bytes);
      const mebibytes = Math.ceil(needed / 2 ** 20);
      if (needed > largestMemoryBytes) {
        throw failure(`the run needs ${mebibytes} MiB of memory; 4096 MiB is the limit`);
      }
      if (!growTo(memory, needed)) {
        throw failure(`the run needs ${mebibytes} MiB of memory, more than this computer gives`);
      }
      end = needed;
      return address;
    },
    reserve: (bytes) => growTo(memory, end + bytes),
    mark: () => end,
    release(mark) {
      end = mark;
    },
    float32: (address, length) => new Float32Array(memory.buffer as ArrayBuffer, address, length),
    int32: (address, length) => new Int32Array(memory.buffer as ArrayBuffer, address, length),
    uint32: (address, length) => new Uint32Array(memory.buffer as ArrayBuffer, address, length),
  };
}

/** Whether the memory has so many bytes afterwards. */
function growTo(memory: WebAssembly.Memory, bytes: number): boolean {
  const missing = Math.ceil((bytes - memory.buffer.byteLength) / pageBytes);
  if (missing <= 0) return true;
  if (bytes > largestMemoryBytes) return false;
  try {
    memory.grow(missing);
    return true;
  } catch {
    return false;
  }
}

/** What an allocation takes. */
export const alignedBytes = (bytes: number): number => Math.ceil(bytes / alignment) * alignment;

function decodeBase64(text: string): Uint8Array<ArrayBuffer> {
  return Uint8Array.from(atob(text), (character) => character.charCodeAt(0));
}

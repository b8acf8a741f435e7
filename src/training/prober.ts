import type {Kernels} from "../kernels/kernels.js";
import type {ProbedCast, ProbePoint} from "../nn/program.js";
import type {CastUse} from "../precision/apply-cast.js";
import {parseCast} from "../precision/parse-cast.js";
import {type SquaredSums, tensorMeter} from "./measure-probe.js";
import {storedMatrix} from "./optimizers/storage.js";
import type {Probe, SmallUpdates} from "./run-record.js";
import type {StepObserver, Trainer} from "./trainer.js";

/** What was seen in one step. */
export interface Observation {
  readonly probes: readonly Probe[];
  /** As `Probe.gradientToNoise`, of all weights together. */
  readonly gradientToNoise: number | null;
}

/** Watches a step, or the passes of one. */
export type Prober = (step: number, watched: (observer: StepObserver) => void) => Observation;

type Mutable<T> = {-readonly [Key in keyof T]: T[Key]};

/** A cast of weights as it was used in the forward pass. */
interface UsedCast {
  readonly cast: ProbedCast;
  readonly use: CastUse;
}

/** @param masterWeights the text of the cast with which weights are stored */
export function createProber(
  kernels: Kernels,
  {parameters, parameterCount, probePoints, exactGradients}: Trainer,
  masterWeights: string,
): Prober {
  const castElements = probePoints.filter(({casts, tensor}) => casts?.length || tensor === "weight");
  const meter = tensorMeter(kernels, Math.max(0, ...castElements.map(({count}) => count)));
  const storage = parseCast(masterWeights);
  const [{data: weights, gradient: gradients}] = parameters;
  const previous = kernels.allocate(parameterCount * 4);
  const ratio = ({signal, noise}: SquaredSums) => Math.sqrt(signal / noise);

  const storedCast = (address: number): ProbedCast => {
    const {shape} = parameters.find(({data}) => data === address)!;
    const matrix = storedMatrix(storage, shape);
    return {product: "forward", cast: storage, shape: matrix, along: "rows", use: () => ({})};
  };
  const smallUpdates = (address: number, used: UsedCast | undefined): SmallUpdates => {
    const before = previous + address - weights;
    return {
      stored: meter.smallUpdates(before, address, storedCast(address), {}),
      cast: used ? meter.smallUpdates(before, address, used.cast, used.use) : null,
    };
  };
  const noiseOf = (address: number, count: number): number | null =>
    exactGradients === undefined
      ? null
      : ratio(meter.compare(exactGradients + address - gradients, address, count));

  return (step, watched) => {
    const depths = new Map<string, number>();
    const seen: {point: ProbePoint; probe: Mutable<Probe>; used: UsedCast | undefined}[] = [];
    let gradientToNoise: number | null = null;
    const ofTensor = (tensor: ProbePoint["tensor"]) => seen.filter(({point}) => point.tensor === tensor);
    watched({
      onProbe(point) {
        const {layer, tensor, address, count, casts = []} = point;
        if (!depths.has(layer)) depths.set(layer, depths.size);
        const forward = casts.find(({product}) => product === "forward");
        seen.push({
          point,
          used: forward && {cast: forward, use: forward.use()},
          probe: {
            ...{step, depth: depths.get(layer)!, layer, tensor},
            ...meter.statistics(address, count),
            casts: casts.map((cast) => meter.cast(address, cast)),
            gradientToNoise: null,
            updates: null,
          },
        });
      },
      onGradients() {
        for (const {point, probe} of ofTensor("weight gradient")) {
          probe.gradientToNoise = noiseOf(point.address, point.count);
        }
        gradientToNoise = noiseOf(gradients, parameterCount);
        kernels.scale(weights, 1, previous, parameterCount);
      },
      onUpdate() {
        for (const {point, probe, used} of ofTensor("weight"))
          probe.updates = smallUpdates(point.address, used);
      },
    });
    return {probes: seen.map(({probe}) => probe), gradientToNoise};
  };
}

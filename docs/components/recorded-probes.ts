import type {CastOutcome, Probe} from "../src/training/run-record.js";

/** What the lab shows of a probe. */
export interface LabProbe
  extends Pick<Probe, "step" | "depth" | "layer" | "tensor" | "spread" | "largest" | "underflow"> {
  readonly casts: readonly Pick<CastOutcome, "underflow">[];
}

/** Probes as `loaders/lab.json` has them: a list for each property. */
export interface ProbeColumns {
  /** `depth:layer:tensor`. */
  readonly names: readonly string[];
  readonly name: readonly number[];
  readonly step: readonly number[];
  readonly spread: readonly number[];
  readonly largest: readonly number[];
  readonly underflow: Readonly<Record<string, readonly number[]>>;
  readonly cast: readonly (number | null)[];
}

export function recordedProbes({
  names,
  name,
  step,
  spread,
  largest,
  underflow,
  cast,
}: ProbeColumns): LabProbe[] {
  const parts = names.map((text) => {
    const [depth, layer, tensor] = text.split(":");
    return {depth: Number(depth), layer, tensor: tensor as Probe["tensor"]};
  });
  const formats = Object.entries(underflow);
  return name.map((index, i) => {
    const lost = cast[i];
    return {
      ...parts[index],
      ...{step: step[i], spread: spread[i], largest: largest[i]},
      underflow: Object.fromEntries(formats.map(([format, shares]) => [format, shares[i]])),
      casts: lost === null ? [] : [{underflow: lost}],
    };
  });
}

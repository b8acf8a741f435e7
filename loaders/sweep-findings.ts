import {group, mean, median, quantile, sum} from "d3";
import type {RunRecord} from "../src/training/run-record.js";
import type {RunSettings} from "../src/training/run-settings.js";
import {integerBits} from "./after-training-rows.js";
import {castKeys, isPlain, type Rise, risesOf} from "./cast-rises.js";

/**
 * What the records of a sweep show, in sentences whose numbers are computed from them; none for a sweep that nobody has
 * written them for. They are read beside noise: differences of two hundredths of a nat can be chance.
 */
export const sweepFindings = (name: string, records: readonly RunRecord[]): string[] =>
  findings[name]?.(records) ?? [];

const findings: Readonly<Record<string, (records: readonly RunRecord[]) => string[]>> = {
  precision: (records) => [
    ...costsOfBits(records),
    "In the law of Kumar and others the same bits cost the same, however much text there is; these runs do not follow it.",
  ],

  "real-text": (records) => [
    ...costsOfBits(records),
    "As on the generated language weights cost least, then keys and values, then activations.",
  ],

  allocation(records) {
    const all = risesOf(records).filter(({settings}) => settings.seed === 1);
    const [small, large] = [...new Set(all.map(({settings}) => settings.width))].sort((a, b) => a - b);
    const rises = all.filter(({settings}) => settings.width === small);
    const plainOf = (width: number) =>
      all.filter(({settings}) => settings.width === width && settings.weightGradientGradient === "recipe");
    const at = (weights: number, activations: number, width = small) =>
      plainOf(width).find(
        ({settings}) =>
          integerBits(settings.forwardWeight) === weights &&
          integerBits(settings.forwardActivation) === activations,
      )?.rise;
    const pair = (weights: number, activations: number) =>
      `${weights} bits for weights and ${activations} for activations ${signed(at(weights, activations)!)} in the smaller model and ${signed(at(weights, activations, large)!)} in the larger`;
    const together = [2, 3, 4, 5, 6].flatMap((w) =>
      [4, 5, 6].map((a) => at(w, a)! - at(w, 8)! - at(8, a)! + at(8, 8)!),
    );
    const gradients = [8, 6, 4].map((bits) => {
      const costs = rises.flatMap(({settings, rise}) => {
        if (integerBits(settings.weightGradientGradient) !== bits) return [];
        const without = at(integerBits(settings.forwardWeight)!, integerBits(settings.forwardActivation)!);
        return without === undefined || integerBits(settings.forwardActivation)! < 4 ? [] : [rise - without];
      });
      return `${bits} bits ${signed(mean(costs)!)}`;
    });
    return [
      `Of ten bits activations should get more: ${[pair(4, 6), pair(5, 5), pair(6, 4)].join("; ")}.`,
      `Where activations have 4 bits or more, the two costs add up: together they differ from their sum by ${range(together)}.`,
      `What gradients add to that, mean over the pairs: ${gradients.join(", ")}.`,
    ];
  },

  "exponent-mantissa"(records) {
    const rises = risesOf(records).filter(({settings}) => settings.seed === 1);
    const formats = [...new Set(rises.map(({settings}) => settings.forwardWeight))].map((cast) => {
      const [, exponent, mantissa] = /^e(\d)m(\d)/.exec(cast)!.map(Number);
      const rise = meanRise(rises.filter(({settings}) => settings.forwardWeight === cast))!;
      return {name: `E${exponent}M${mantissa}`, exponent, mantissa, rise};
    });
    const named = (name: string) => `${name} ${signed(formats.find((format) => format.name === name)!.rise)}`;
    const rangeOf = (some: typeof formats) => range(some.map(({rise}) => rise));
    const single = formats.filter(({exponent, mantissa}) => mantissa === 1 && exponent > 1);
    const double = formats.filter(({exponent, mantissa}) => mantissa > 1 && exponent > 1);
    return [
      `Mean rise over the sizes, in nats: in 3 bits ${named("E1M1")}; in 4 bits ${named("E1M2")}, ${named("E2M1")}.`,
      `A second exponent bit helps, more do not: with one mantissa bit, all formats with two to six exponent bits cost ${rangeOf(single)}. With two mantissa bits or more they cost ${rangeOf(double)}, which is chance.`,
      "The law of Sun and others lets every exponent bit help for ever; in models as narrow as these the values of a channel span few powers of two, and it does not.",
      textSentence(rises),
    ];
  },

  targets(records) {
    const rises = risesOf(records).filter(({settings}) => settings.width === 16);
    const operands = {
      P1: "forwardActivation",
      P2: "forwardWeight",
      P3: "inputGradientGradient",
      P4: "inputGradientWeight",
      P5: "weightGradientGradient",
      P6: "weightGradientActivation",
    } as const;
    const targetsOf = (settings: RunSettings) =>
      Object.entries(operands)
        .filter(([, key]) => settings[key] === "e1m1 row")
        .map(([name]) => name)
        .join("+");
    const shareOf = (target: string) =>
      mean(rises.filter(({settings}) => targetsOf(settings) === target).map(({share}) => share))!;
    const percent = (target: string) => `${target} ${signedPercent(shareOf(target))}`;
    const alone = Object.keys(operands).sort((a, b) => shareOf(a) - shareOf(b));
    return [
      `Rise of the loss by one operand in three bits, mean of three seeds: ${alone.map(percent).join(", ")}.`,
      `Together: ${["P2+P4+P6", "P1+P3+P5", "P1+P2+P3+P4+P5+P6"].map(percent).join(", ")}. So what the law is fitted to, P2+P4+P6, is about what P2 costs alone, as Sun and others find.`,
    ];
  },

  "block-size"(records) {
    const rises = risesOf(records).filter(({settings}) => settings.width === 64 && settings.steps === 2048);
    const cost = (format: string, block: string) =>
      meanRise(rises.filter(({settings}) => settings.forwardWeight === `${format} ${block}`))!;
    const blocks = [4, 8, 16, 32, 64];
    const line = blocks.map((size) => ({size: Math.log2(size), cost: cost("e1m1", `block:1x${size}`)}));
    const {slope, share} = straightLine(line.map(({size, cost}) => [size, cost]));
    const [channel, tensor] = [cost("e1m1", "row"), cost("e1m1", "tensor,fp32")];
    return [
      `104 thousand parameters, E1M1 with a scale for so many values, mean of three seeds: ${blocks.map((size, i) => `${size} ${signed(line[i].cost)}`).join(", ")}, a channel ${signed(channel)}, a tensor ${signed(tensor)} nats.`,
      `From 4 to 64 values that is a straight line in the logarithm of the size, as in the law of Sun and others: ${signed(slope)} for each doubling, and ${Math.round(100 * share)} % of the variance.`,
      `E2M1 costs ${signed(cost("e2m1", "block:1x4"))} in blocks of 4 and ${signed(cost("e2m1", "tensor,fp32"))} with one scale for a tensor.`,
    ];
  },

  overtraining(records) {
    const small = risesOf(records).filter(
      ({settings}) => settings.width === 8 && settings.learningRate === 0.02 && settings.seed === 1,
    );
    const rounded = small
      .filter(({settings}) => settings.forwardWeight === "e1m1 row")
      .sort((a, b) => a.tokens - b.tokens);
    const list = (values: readonly number[]) => values.map((value) => value.toFixed(3)).join(", ");
    const ratios = rounded.map(({tokens, parameters}) => Math.round(tokens / parameters)).join(", ");
    return [
      `With ${ratios} tokens for each of ${rounded[0].parameters} parameters and one learning rate throughout, E1M1 on weights and activations ends at ${list(rounded.map(({loss}) => loss))}, float32 at ${list(rounded.map(({loss, rise}) => loss - rise))}.`,
      "So more text brings next to nothing after a while, and does no harm: a critical amount of text for training in three bits is not shown. With the rates that are best in float32 it seems to be there; what does the harm is the larger rate of the longer runs.",
      "Weights, activations, keys and values in three bits scatter too much from run to run to say anything.",
    ];
  },

  "post-training"(records) {
    const runs = records
      .filter(
        ({settings, postTraining}) => settings.seed === 1 && isPlain(settings) && postTraining.length > 0,
      )
      .sort((a, b) => a.tokens - b.tokens);
    const after = ({postTraining}: RunRecord, bits: number) =>
      postTraining.find(({cast, method}) => cast === `int${bits} row` && method === "nearest")!.heldOutLoss!;
    const models = [...group(runs, ({parameters}) => parameters)]
      .map(([parameters, same]) => ({parameters, runs: bestOfEachLength(same)}))
      .filter(({runs}) => runs.length >= 3)
      .sort((a, b) => a.parameters - b.parameters);
    const lines = models.map(({parameters, runs}) => {
      const ratios = runs.map((run) => Math.round(run.tokens / parameters)).join(", ");
      const losses = runs.map((run) => after(run, 3).toFixed(3)).join(", ");
      return `${parameters} parameters and ${ratios} tokens for each: ${losses}`;
    });
    const worse = models.filter(({runs}) => after(runs.at(-1)!, 3) > after(runs.at(-2)!, 3));
    const most = Math.max(...runs.map((run) => after(run, 6) - run.finalHeldOutLoss!));
    return [
      `Loss after rounding to 3 bits, in nats: ${lines.join("; ")}.`,
      `Of ${models.length} models, ${worse.length} are worse after the most text than after a quarter or less of it, as Kumar and others find, and the larger a model, the more text it takes.`,
      `In 6 bits rounding costs ${signed(most)} at most.`,
    ];
  },
};

/** What the bits of weights, activations, keys and values cost, and what more text makes of it. */
function costsOfBits(records: readonly RunRecord[]): string[] {
  const rises = risesOf(records);
  const kinds = {
    weights: ({forwardWeight, recipe}: RunSettings) => recipe === "fp32" && integerBits(forwardWeight),
    activations: ({forwardActivation, recipe}: RunSettings) =>
      recipe === "fp32" && integerBits(forwardActivation),
    "keys and values": ({key, recipe}: RunSettings) => recipe === "fp32" && integerBits(key),
    "all three": ({recipe}: RunSettings) => integerBits(recipe),
  };
  const at = (bits: number) =>
    Object.entries(kinds)
      .map(([kind, bitsIn]) => ({
        kind,
        rise: meanRise(rises.filter(({settings}) => bitsIn(settings) === bits)),
      }))
      .filter(({rise}) => rise !== undefined)
      .sort((a, b) => a.rise! - b.rise!)
      .map(({kind, rise}) => `${kind} ${signed(rise!)}`)
      .join(", ");
  return [
    `What rounding costs, in nats, mean over the sizes: in 3 bits ${at(3)}; in 4 bits ${at(4)}; in 6 bits ${at(6)}.`,
    textSentence(rises),
  ];
}

/** Rises that are large enough to be compared. */
const clear = 0.01;

/**
 * How the rise of the same casts changes with text, over all models that saw the least of it, and the most that as many
 * of them saw as any other amount.
 */
function textSentence(rises: readonly Rise[]): string {
  const single = rises.filter(({settings}) => settings.seed === 1);
  const [least, ...more] = [...new Set(single.map(({tokens}) => tokens))].sort((a, b) => a - b);
  const castsOf = ({settings}: Rise) =>
    JSON.stringify([settings.width, ...castKeys.map((key) => settings[key])]);
  const short = single.filter((rise) => rise.tokens === least && rise.rise > clear);
  const factorsAt = (most: number) => {
    const long = new Map(
      single.filter(({tokens}) => tokens === most).map((rise) => [castsOf(rise), rise.rise]),
    );
    return short.flatMap((rise) => {
      const other = long.get(castsOf(rise));
      return other === undefined ? [] : [other / rise.rise];
    });
  };
  const [most, factors] = more
    .map((tokens) => [tokens, factorsAt(tokens)] as const)
    .reduce((a, b) => (b[1].length >= a[1].length ? b : a));
  const grown = factors.filter((factor) => factor > 1).length;
  const [low, high] = [quantile(factors, 0.25)!, quantile(factors, 0.75)!];
  return `With ${most / least} times the text the same casts cost more in ${grown} of ${factors.length} cases, ${median(factors)!.toFixed(1)} times as much in the median (quartiles ${low.toFixed(1)} and ${high.toFixed(1)}).`;
}

/** Of runs that saw equally much text at several learning rates the best; by growing amounts of text. */
const bestOfEachLength = (runs: readonly RunRecord[]): RunRecord[] =>
  [...group(runs, ({tokens}) => tokens).values()]
    .map((same) => same.reduce((a, b) => (b.finalHeldOutLoss! < a.finalHeldOutLoss! ? b : a)))
    .sort((a, b) => a.tokens - b.tokens);

/** The straight line of least squares, and the share of the variance that it explains. */
function straightLine(points: readonly (readonly [number, number])[]): {slope: number; share: number} {
  const [x, y] = [mean(points, ([x]) => x)!, mean(points, ([, y]) => y)!];
  const covariance = sum(points, (point) => (point[0] - x) * (point[1] - y));
  const slope = covariance / sum(points, (point) => (point[0] - x) ** 2);
  return {slope, share: (slope * covariance) / sum(points, (point) => (point[1] - y) ** 2)};
}

const meanRise = (rises: readonly Rise[]): number | undefined => mean(rises.map(({rise}) => rise));

const sign = (value: number): string => (value < 0 ? "−" : "+");
const signed = (value: number): string => `${sign(value)}${Math.abs(value).toFixed(3)}`;
const range = (values: readonly number[]): string =>
  `${signed(Math.min(...values))} to ${signed(Math.max(...values))}`;
const signedPercent = (share: number): string => `${sign(share)}${Math.abs(100 * share).toFixed(1)} %`;

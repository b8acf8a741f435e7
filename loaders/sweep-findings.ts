import {mean, median, quantile} from "d3";
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
  precision(records) {
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
      "In the law of Kumar and others the same bits cost the same, however much text there is; these runs do not follow it. They span too few sizes to fit the law's constants.",
    ];
  },

  allocation(records) {
    const rises = risesOf(records).filter(({settings}) => settings.seed === 1);
    const plain = rises.filter(({settings}) => settings.weightGradientGradient === "recipe");
    const at = (weights: number, activations: number) =>
      plain.find(
        ({settings}) =>
          integerBits(settings.forwardWeight) === weights &&
          integerBits(settings.forwardActivation) === activations,
      )?.rise;
    const pair = (weights: number, activations: number) =>
      `${weights} bits for weights and ${activations} for activations ${signed(at(weights, activations)!)}`;
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
      `Of ten bits activations should get more: ${pair(4, 6)}, ${pair(5, 5)}, ${pair(6, 4)}.`,
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
    const rises = risesOf(records);
    const of = (block: string) => rises.filter(({settings}) => settings.forwardWeight === `e1m1 ${block}`);
    const sizes = {"4": "block:1x4", "16": "block:1x16", "a channel": "row", "a tensor": "tensor,fp32"};
    const listed = Object.entries(sizes).map(([name, block]) => `${name} ${signed(meanRise(of(block))!)}`);
    const four = rises
      .filter(({settings}) => settings.forwardWeight.startsWith("e2m1"))
      .map(({rise}) => rise);
    return [
      `E1M1 with a scale for so many values, mean of three seeds: ${listed.join(", ")} nats.`,
      `E2M1 costs ${range(four)} at any block size, which is chance.`,
      "One model on little text: the order is that of Sun and others, whether the loss grows with the logarithm of the size cannot be told.",
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
      "So more text brings nothing after a while, and does no harm: a critical amount of text for training in three bits is not shown. With the rates that are best in float32 it seems to be there; what does the harm is the larger rate of the longer runs.",
      "Weights, activations, keys and values in three bits scatter too much from run to run to say anything.",
    ];
  },

  "post-training"(records) {
    const runs = records
      .filter(
        ({settings, postTraining}) => settings.seed === 1 && isPlain(settings) && postTraining.length > 0,
      )
      .sort((a, b) => a.tokens - b.tokens);
    const widths = [...new Set(runs.map(({settings}) => settings.width))].sort((a, b) => a - b);
    const after = ({postTraining}: RunRecord, bits: number) =>
      postTraining.find(({cast, method}) => cast === `int${bits} row` && method === "nearest")!.heldOutLoss!;
    const lines = widths.flatMap((width) => {
      const same = runs.filter(({settings}) => settings.width === width);
      if (same.length < 3) return [];
      const ratios = same.map(({tokens, parameters}) => Math.round(tokens / parameters)).join(", ");
      const losses = same.map((run) => after(run, 3).toFixed(3)).join(", ");
      return `${same[0].parameters} parameters and ${ratios} tokens for each, then rounded to 3 bits: ${losses} nats`;
    });
    const most = Math.max(...runs.map((run) => after(run, 6) - run.finalHeldOutLoss!));
    return [
      `${lines.join("; ")}. More text can make the rounded model worse, as Kumar and others find. The longest runs have one seed, and twice the learning rate of those before.`,
      `In 6 bits rounding costs ${signed(most)} at most.`,
    ];
  },
};

/** Rises that are large enough to be compared. */
const clear = 0.01;

/** How the rise of the same casts changes with text, over all models that saw the least and the most of it. */
function textSentence(rises: readonly Rise[]): string {
  const tokens = rises.map(({tokens}) => tokens);
  const [least, most] = [Math.min(...tokens), Math.max(...tokens)];
  const castsOf = ({settings}: Rise) =>
    JSON.stringify([settings.width, settings.seed, ...castKeys.map((key) => settings[key])]);
  const long = new Map(
    rises.filter((rise) => rise.tokens === most).map((rise) => [castsOf(rise), rise.rise]),
  );
  const factors = rises.flatMap((rise) => {
    const other = long.get(castsOf(rise));
    return rise.tokens === least && rise.rise > clear && other !== undefined ? [other / rise.rise] : [];
  });
  const grown = factors.filter((factor) => factor > 1).length;
  const [low, high] = [quantile(factors, 0.25)!, quantile(factors, 0.75)!];
  return `With ${most / least} times the text the same casts cost more in ${grown} of ${factors.length} cases, ${median(factors)!.toFixed(1)} times as much in the median (quartiles ${low.toFixed(1)} and ${high.toFixed(1)}).`;
}

const meanRise = (rises: readonly Rise[]): number | undefined => mean(rises.map(({rise}) => rise));

const sign = (value: number): string => (value < 0 ? "−" : "+");
const signed = (value: number): string => `${sign(value)}${Math.abs(value).toFixed(3)}`;
const range = (values: readonly number[]): string =>
  `${signed(Math.min(...values))} to ${signed(Math.max(...values))}`;
const signedPercent = (share: number): string => `${sign(share)}${Math.abs(100 * share).toFixed(1)} %`;

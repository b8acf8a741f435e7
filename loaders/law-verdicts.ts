import {groups, mean, median, rollups, sum} from "d3";
import {listed} from "../src/laws/listed.js";
import type {LawRow} from "./law-rows.js";
import {distinctRows, type OurFit} from "./our-laws.js";

/** What our runs say of something that a paper says. */
interface Verdict {
  /** Permanent, for links. */
  readonly id: string;
  readonly paper: "Kumar 2024" | "Sun 2025";
  /** What the paper says, of its own scale. */
  readonly claim: string;
  readonly corpus: string;
  readonly verdict: "agrees" | "in part" | "differs" | "not told";
  /** What the runs show, in sentences whose numbers are computed from them. */
  readonly ours: string;
  /** Sweeps with the runs that it rests on. */
  readonly sweeps: readonly string[];
}

/** Rows and fits of one text. */
interface Evidence {
  readonly rows: readonly LawRow[];
  readonly fits: readonly OurFit[];
}

type Finding = Pick<Verdict, "verdict" | "ours">;

interface Question extends Pick<Verdict, "id" | "paper" | "claim"> {
  /** Undefined where the runs do not bear on it. */
  readonly answer: (evidence: Evidence) => (Finding & {readonly from: readonly LawRow[]}) | undefined;
}

/** Verdicts on the published laws, claim by claim, for each text that has runs which bear on it. */
export function lawVerdicts(rows: readonly LawRow[], fits: readonly OurFit[]): Verdict[] {
  const texts = groups(rows, ({corpus}) => corpus).map(([corpus, ofCorpus]) => ({
    corpus,
    evidence: {rows: ofCorpus, fits: fits.filter((fit) => fit.corpus === corpus)},
  }));
  return questions.flatMap(({answer, ...question}) =>
    texts.flatMap(({corpus, evidence}) => {
      const found = answer(evidence);
      if (!found) return [];
      const {from, ...finding} = found;
      return [{...question, corpus, ...finding, sweeps: [...new Set(from.map(({sweep}) => sweep))]}];
    }),
  );
}

const questions: readonly Question[] = [
  {
    id: "saturation",
    paper: "Kumar 2024",
    claim: "The cost of rounding falls exponentially with bits, and weights are saturated at 6 to 7.",
    answer: saturation,
  },
  {
    id: "order",
    paper: "Kumar 2024",
    claim: "Activations need more bits than weights; keys and values bear 4 to 5, then fail fast.",
    answer: order,
  },
  {
    id: "independence",
    paper: "Kumar 2024",
    claim: "Bits of weights and of activations act independently.",
    answer: independence,
  },
  {
    id: "text",
    paper: "Kumar 2024",
    claim: "Training with few bits acts like fewer parameters: what it costs does not depend on the text.",
    answer: ({fits}) => growthOf(fits, "integers", "differs"),
  },
  {
    id: "growth",
    paper: "Sun 2025",
    claim: "The cost of training in few bits grows with text, by a power of D (published: 0.52).",
    answer: ({fits}) => growthOf(fits, "floating-point", "agrees"),
  },
  {
    id: "size",
    paper: "Sun 2025",
    claim: "The cost of training in few bits falls with size, by a power of N (published: 0.24).",
    answer: sizeOf,
  },
  {
    id: "layout",
    paper: "Sun 2025",
    claim: "An exponent bit helps slightly more than a mantissa bit (published powers: 3.19 and 2.95).",
    answer: layout,
  },
  {
    id: "blocks",
    paper: "Sun 2025",
    claim: "The loss grows linearly with the logarithm of the number of values that share a scale.",
    answer: blocks,
  },
  {
    id: "operands",
    paper: "Sun 2025",
    claim:
      "P1, P3 and P5 cost most; P4 and P6 alone are mildest; P2, P4 and P6 together cost about what P2 costs.",
    answer: operands,
  },
  {
    id: "after-training",
    paper: "Kumar 2024",
    claim:
      "Rounded after training, a model that has seen more text can be worse: there is a critical data size.",
    answer: afterTraining,
  },
  {
    id: "methods",
    paper: "Kumar 2024",
    claim:
      "What rounding after training costs grows with text, by nearest values as by GPTQ (published power: 0.51).",
    answer: methods,
  },
  {
    id: "robustness",
    paper: "Kumar 2024",
    claim: "Trained with few bits, a model loses less when it is rounded after training.",
    answer: robustness,
  },
  {
    id: "in-training",
    paper: "Sun 2025",
    claim: "Training itself in very few bits has a critical data size, beyond which more text is worse.",
    answer: inTraining,
  },
  {
    id: "forms",
    paper: "Kumar 2024",
    claim:
      "Of forms in N, D and bits of weights, fewer effective parameters predict held-out runs better than fewer tokens, a sum or a product.",
    answer: forms,
  },
  {
    id: "floor",
    paper: "Kumar 2024",
    claim: "With parameters and text the loss nears a floor E above zero.",
    answer: floor,
  },
];

const riseOf = ({loss, referenceLoss}: LawRow): number => loss - referenceLoss!;
const isRun = ({method, referenceLoss}: LawRow): boolean => method === "none" && referenceLoss !== null;
const isInteger = (row: LawRow): boolean => isRun(row) && (row.exponentBits === 0 || row.operands === "KV");

const kinds = [
  {name: "weights", operands: "P2", bits: "weightBits"},
  {name: "activations", operands: "P1", bits: "activationBits"},
  {name: "keys and values", operands: "KV", bits: "cacheBits"},
  {name: "all three", operands: "P1 P2 KV", bits: "weightBits"},
] as const;

interface Level {
  readonly bits: number;
  readonly rise: number;
  /** More than a hundredth of a nat, about what a seed does. */
  readonly isClear: boolean;
}

const leastCost = 0.01;

/** Mean rises by bits, the most first. */
function levelsOf(rows: readonly LawRow[], bits: "weightBits" | "activationBits" | "cacheBits"): Level[] {
  return groups(rows, (row) => row[bits])
    .map(([width, members]) => {
      const rise = mean(members, riseOf)!;
      return {bits: width, rise, isClear: rise > leastCost};
    })
    .sort((a, b) => b.bits - a.bits);
}

function saturation({rows}: Evidence) {
  const from = distinctRows(rows).filter((row) => isInteger(row) && row.operands !== "");
  const found = kinds.flatMap(({name, operands, bits}) => {
    const levels = levelsOf(
      from.filter((row) => row.operands === operands),
      bits,
    );
    if (levels.length < 3) return [];
    const clear = levels.findIndex(({isClear}) => isClear);
    return [{name, levels, clear}];
  });
  if (found.length === 0) return undefined;
  const free = found.filter(({clear}) => clear > 0);
  const words = [
    ...free.map(({name, levels, clear}) => `${levels[clear - 1].bits} bits of ${name}`),
    ...found
      .filter(({clear}) => clear === 0)
      .map(({name, levels}) => `more than ${levels[0].bits} of ${name}`),
    ...found
      .filter(({clear}) => clear < 0)
      .map(({name, levels}) => `fewer than ${levels.at(-1)!.bits} of ${name}`),
  ];
  const falls = found.filter(({levels}) => isRising(levels.map(({rise}) => rise)));
  const least = found.map(({name, levels}) => `${name} ${signed(levels.at(-1)!.rise)}`);
  return {
    verdict: free.length === found.length ? "agrees" : free.length > 0 ? "in part" : "differs",
    ours: `Less than ${leastCost} nats in the mean over the sizes are lost with ${listed(words)}. At the fewest bits that were run rounding costs, in nats: ${listed(least)}. ${falls.length === found.length ? "Every" : `For ${falls.length} of ${found.length}, every`} bit less costs more.`,
    from,
  } as const;
}

/** Up to a hundredth of a nat, which is chance. */
const isRising = (values: readonly number[]): boolean =>
  values.every((value, i) => i === 0 || value > values[i - 1] - leastCost);

function order({rows}: Evidence) {
  const from = distinctRows(rows).filter((row) => isInteger(row) && row.operands !== "");
  const [weights, activations, cache] = kinds.map(({operands, bits}) =>
    levelsOf(
      from.filter((row) => row.operands === operands),
      bits,
    ),
  );
  const bits = [4, 3, 2].find((width) =>
    [weights, activations].every((levels) => levels.some((level) => level.bits === width)),
  );
  if (bits === undefined) return undefined;
  const at = (levels: readonly Level[], width: number) => levels.find((level) => level.bits === width);
  const [ofWeights, ofActivations] = [at(weights, bits)!, at(activations, bits)!];
  const few = cache.at(-1);
  const enough = cache.find((level) => level.bits >= 4 && level.bits <= 5);
  const failing =
    few && enough && few !== enough
      ? ` Keys and values cost ${signed(enough.rise)} in ${enough.bits} bits and ${signed(few.rise)} in ${few.bits}.`
      : "";
  const isOrdered = ofActivations.rise > ofWeights.rise;
  const failsFast = !(few && enough) || few.rise > 3 * Math.max(enough.rise, 0);
  return {
    verdict: isOrdered && failsFast ? "agrees" : isOrdered || failsFast ? "in part" : "differs",
    ours: `In ${bits} bits activations, with one scale for a tensor, cost ${signed(ofActivations.rise)} nats in the mean over the sizes; weights, with one for each channel, ${signed(ofWeights.rise)}.${failing}`,
    from,
  } as const;
}

function independence({rows}: Evidence) {
  const from = rows.filter(
    (row) => isInteger(row) && row.operands === "P1 P2" && row.activationBits >= stableActivations,
  );
  const differences: number[] = [];
  for (const [, ofModel] of groups(from, modelKey)) {
    const at = (weights: number, activations: number) =>
      ofModel.find(
        ({weightBits, activationBits}) => weightBits === weights && activationBits === activations,
      );
    const [mostWeights, mostActivations] = [
      Math.max(...ofModel.map(({weightBits}) => weightBits)),
      Math.max(...ofModel.map(({activationBits}) => activationBits)),
    ];
    const corner = at(mostWeights, mostActivations);
    for (const row of ofModel) {
      if (row.weightBits === mostWeights || row.activationBits === mostActivations) continue;
      const [weightsAlone, activationsAlone] = [
        at(row.weightBits, mostActivations),
        at(mostWeights, row.activationBits),
      ];
      if (!corner || !weightsAlone || !activationsAlone) continue;
      differences.push(row.loss - weightsAlone.loss - activationsAlone.loss + corner.loss);
    }
  }
  if (differences.length < 4) return undefined;
  const noise = median(
    rows.filter(({operands}) => operands === ""),
    (row) => row.noise ?? 0,
  )!;
  // Four losses, each with its own noise.
  const within = differences.filter((difference) => Math.abs(difference) <= 2 * 2 * noise).length;
  const single = mean(from, (row) => riseOf(row))!;
  return {
    verdict:
      within >= 0.9 * differences.length
        ? "agrees"
        : within >= differences.length / 2
          ? "in part"
          : "differs",
    ours: `Rounding both costs what the two cost alone, added up: ${within} of ${differences.length} pairs differ from their sum by no more than seeds do, all between ${signed(Math.min(...differences))} and ${signed(Math.max(...differences))} nats, where the pairs cost ${signed(single)} in the mean. With activations in fewer than ${stableActivations} bits runs scatter too much to say.`,
    from,
  } as const;
}

/** Runs with fewer differ by tenths of a nat from seed to seed. */
const stableActivations = 4;

const modelKey = ({parameters, tokens, learningRate, seed}: LawRow): string =>
  [parameters, tokens, learningRate, seed].join();

/** The exponent of D in the cost of rounding, where the form leaves it free. */
function growthOf(fits: readonly OurFit[], data: string, ifGrowing: "agrees" | "differs") {
  const found = exponentOf(fits, data, "gamma_D");
  if (!found) return undefined;
  const {value, interval, fit} = found;
  const [low, high] = interval;
  const verdict = low > 0 ? ifGrowing : high < 0 ? opposite(ifGrowing) : "not told";
  const tokens = fit.domain.tokens!;
  return {
    verdict,
    ours: `Fitted to ${fit.result.rows} rises, the cost goes by D to the power ${decimal(value)} (95 % interval ${decimal(low)} to ${decimal(high)}), from ${count(tokens[0])} to ${count(tokens[1])} tokens: ${low > 0 ? "it grows with text" : high < 0 ? "it falls with text" : "whether it grows is not told"}.`,
    from: sweepsOf(fit),
  } as const;
}

const opposite = (verdict: "agrees" | "differs") => (verdict === "agrees" ? "differs" : "agrees");

function exponentOf(fits: readonly OurFit[], data: string, name: string) {
  const fit = fits.find(
    (other) =>
      other.data === data && other.of === "rise" && other.result.constants.some((c) => c.name === name),
  );
  const constant = fit?.result.constants.find((other) => other.name === name);
  if (!fit || !constant?.interval) return undefined;
  return {fit, value: constant.value, interval: constant.interval, atBound: constant.atBound};
}

/** A verdict's links need only the names of sweeps. */
const sweepsOf = (...fits: readonly OurFit[]): LawRow[] =>
  fits.flatMap(({sweeps}) => sweeps.map((sweep) => ({sweep}) as LawRow));

function sizeOf({fits}: Evidence) {
  const found = ["integers", "floating-point"].flatMap((data) => {
    const exponent = exponentOf(fits, data, "gamma_N");
    return exponent ? [{...exponent, data}] : [];
  });
  if (found.length === 0) return undefined;
  const own = found.find(({data}) => data === "floating-point") ?? found[0];
  const nameOf = ({data}: {data: string}) => (data === "integers" ? "integers" : "floating-point formats");
  const trendOf = ({interval: [low, high]}: {interval: readonly [number, number]}) =>
    low > 0
      ? "it falls with size"
      : high < 0
        ? "it grows with size"
        : "nothing can be told from no dependence";
  const powers = found.map(
    (of) =>
      `${decimal(-of.value)} (${decimal(-of.interval[1])} to ${decimal(-of.interval[0])}) for ${nameOf(of)}`,
  );
  const trends = found.every((of) => trendOf(of) === trendOf(own))
    ? trendOf(own)
    : listed(found.map((of) => `for ${nameOf(of)} ${trendOf(of)}`));
  const [low, high] = own.interval;
  const parameters = own.fit.domain.parameters!;
  return {
    verdict: low > 0 ? "agrees" : high < 0 ? "differs" : "not told",
    ours: `The cost goes by N to the power ${listed(powers)}, from ${count(parameters[0])} to ${count(parameters[1])} parameters: ${trends}.`,
    from: sweepsOf(...found.map(({fit}) => fit)),
  } as const;
}

function layout({rows, fits}: Evidence) {
  const from = rows.filter(
    (row) => isRun(row) && row.operands === "P2 P4 P6" && row.isTuned && row.sweep === "exponent-mantissa",
  );
  const formats = rollups(
    from,
    (members) => ({
      rise: mean(members, riseOf)!,
      noise: median(members, ({riseNoise}) => riseNoise ?? 0)!,
      count: members.length,
    }),
    ({exponentBits, mantissaBits}) => `E${exponentBits}M${mantissaBits}`,
  ).map(([name, value]) => ({name, ...value}));
  const of = (name: string) => formats.find((format) => format.name === name);
  const [more, fewer] = [of("E2M1"), of("E1M2")];
  const [delta, nu] = ["delta", "nu"].map((name) => exponentOf(fits, "floating-point", name));
  if (!more || !fewer || !delta || !nu) return undefined;
  const noise = 2 * Math.hypot(more.noise / Math.sqrt(more.count), fewer.noise / Math.sqrt(fewer.count));
  const single = formats.filter(({name}) => /^E[2-9]M1$/.test(name));
  const single3 = single.filter(({name}) => name !== "E2M1");
  const gains = single3.length > 0 && mean(single3, ({rise}) => rise)! < more.rise - noise;
  const isEqual = Math.abs(more.rise - fewer.rise) <= noise;
  const saturates =
    single3.length > 0
      ? ` With one mantissa bit, more than two exponent bits ${gains ? "help" : "do not help"}: E2M1 ${signed(more.rise)}, with up to ${Math.max(...single.map(({name}) => Number(name[1])))} exponent bits ${signed(Math.min(...single3.map(({rise}) => rise)))} to ${signed(Math.max(...single3.map(({rise}) => rise)))}.`
      : "";
  const {value: deltaValue, interval: deltaInterval} = delta;
  const {value: nuValue, interval: nuInterval} = nu;
  const isExponentBetter = deltaInterval[0] > nuInterval[1];
  const isMantissaBetter = nuInterval[0] > deltaInterval[1] || (!gains && single3.length > 0);
  return {
    verdict: isExponentBetter ? "agrees" : isMantissaBetter ? (isEqual ? "in part" : "differs") : "not told",
    ours: `In 4 bits E2M1 costs ${signed(more.rise)} nats and E1M2 ${signed(fewer.rise)}: ${isEqual ? "no difference that can be told from chance" : more.rise < fewer.rise ? "the exponent bit is worth more" : "the mantissa bit is worth more"}.${saturates} The fit's powers are ${deltaValue.toFixed(1)} (${deltaInterval[0].toFixed(1)} to ${deltaInterval[1].toFixed(1)}) for E + ½ and ${nuValue.toFixed(1)} (${nuInterval[0].toFixed(1)} to ${nuInterval[1].toFixed(1)}) for M + ½.`,
    from,
  } as const;
}

function blocks({rows}: Evidence) {
  const from = rows.filter((row) => isRun(row) && row.operands === "P2 P4 P6" && row.sweep === "block-size");
  const formats = groups(from, ({exponentBits, mantissaBits}) => `E${exponentBits}M${mantissaBits}`).filter(
    ([, members]) => new Set(members.map(({blockSize}) => blockSize)).size >= 3,
  );
  // The format that rounding costs most tells most.
  const [name, members] = formats.sort((a, b) => mean(b[1], riseOf)! - mean(a[1], riseOf)!)[0] ?? [];
  if (!name || !members) return undefined;
  const centred = groups(members, modelKey).flatMap(([, ofModel]) => {
    const [x, y] = [mean(ofModel, ({blockSize}) => Math.log2(blockSize))!, mean(ofModel, riseOf)!];
    return ofModel.map((row) => ({x: Math.log2(row.blockSize) - x, y: riseOf(row) - y}));
  });
  const spread = sum(centred, ({x}) => x * x);
  const slope = sum(centred, ({x, y}) => x * y) / spread;
  const freedom = centred.length - 1 - new Set(members.map(modelKey)).size;
  const residual = Math.sqrt(sum(centred, ({x, y}) => (y - slope * x) ** 2) / freedom);
  const error = residual / Math.sqrt(spread);
  const means = rollups(
    members,
    (same) => mean(same, riseOf)!,
    ({blockSize}) => blockSize,
  ).sort((a, b) => a[0] - b[0]);
  const noise = median(members, ({riseNoise}) => riseNoise ?? 0)!;
  const models = new Set(members.map(({parameters, tokens}) => `${parameters} ${tokens}`)).size;
  const isGrowing = slope > 2 * error;
  return {
    verdict: !isGrowing ? "not told" : residual <= 2 * noise && models > 1 ? "agrees" : "in part",
    ours: `${name}, from ${Math.round(means[0][0])} to ${count(means.at(-1)![0])} values to a scale: ${signed(slope)} ± ${error.toFixed(3)} nats for each doubling, ${means.map(([size, rise]) => `${signed(rise)} at ${Math.round(size)}`).join(", ")}. ${isGrowing ? "It grows" : "Whether it grows is not told"}; ${models > 1 ? `${models} sizes` : "one size"} with a scatter of ${noise.toFixed(3)} from seed to seed ${isGrowing && residual <= 2 * noise ? "bear a straight line, and do not prove it" : "do not tell its shape"}.`,
    from,
  } as const;
}

function operands({rows}: Evidence) {
  const ofTargets = rows.filter((row) => isRun(row) && row.sweep === "targets" && row.operands !== "");
  const costs = new Map(
    rollups(
      ofTargets,
      (same) => mean(same, riseOf)!,
      (row) => row.operands,
    ),
  );
  const alone = ["P1", "P2", "P3", "P4", "P5", "P6"].filter((name) => costs.has(name));
  if (alone.length < 6 || !costs.has("P2 P4 P6")) return undefined;
  const sorted = [...alone].sort((a, b) => costs.get(a)! - costs.get(b)!);
  const noise = median(ofTargets, ({riseNoise}) => riseNoise ?? 0)!;
  const isMildest = sorted.slice(0, 2).sort().join() === "P4,P6";
  const isWorst = sorted.slice(3).sort().join() === "P1,P3,P5";
  const [together, second] = [costs.get("P2 P4 P6")!, costs.get("P2")!];
  const isEqual = Math.abs(together - second) <= 2 * noise;
  const agreeing = [isMildest, isWorst, isEqual].filter(Boolean).length;
  return {
    verdict: agreeing === 3 ? "agrees" : agreeing > 0 ? "in part" : "differs",
    ours: `In three bits, alone, from the mildest: ${sorted.map((name) => `${name} ${signed(costs.get(name)!)}`).join(", ")}. P2, P4 and P6 together ${signed(together)}, P2 alone ${signed(second)}.`,
    from: ofTargets,
  } as const;
}

/** Losses of one model after rounding to so many bits, by text. */
interface Series {
  readonly parameters: number;
  readonly bits: number;
  readonly points: readonly {
    readonly tokens: number;
    readonly before: number;
    readonly after: number;
    readonly rates: readonly number[];
    readonly noise: number;
  }[];
}

function seriesOf(rows: readonly LawRow[], method: LawRow["method"]): Series[] {
  const trained = rows.filter((row) => row.method === method && row.operands === "" && row.isTuned);
  return groups(
    trained,
    ({parameters}) => parameters,
    ({postTrainingBits}) => postTrainingBits,
  ).flatMap(([parameters, byBits]) =>
    byBits.map(([bits, members]) => ({
      ...{parameters, bits},
      points: groups(members, ({tokens}) => tokens)
        .map(([tokens, same]) => ({
          tokens,
          before: mean(same, ({referenceLoss}) => referenceLoss!)!,
          after: mean(same, ({loss}) => loss)!,
          rates: [...new Set(same.map(({learningRate}) => learningRate))],
          noise: median(same, ({noise}) => noise ?? 0)!,
        }))
        .sort((a, b) => a.tokens - b.tokens),
    })),
  );
}

function afterTraining({rows}: Evidence) {
  const series = seriesOf(rows, "nearest").filter(({points}) => points.length > 1);
  if (series.length === 0) return undefined;
  // More text made the model better, and the rounded one worse by more than chance.
  const harmed = series.flatMap(({parameters, bits, points}) =>
    points.flatMap((later, i) =>
      points
        .slice(0, i)
        .filter((before) => later.before < before.before && later.after > before.after + 2 * later.noise)
        .map((before) => ({
          ...{parameters, bits, before, later},
          isSameRate: later.rates.length === 1 && later.rates.join() === before.rates.join(),
        })),
    ),
  );
  const widths = [...new Set(series.map(({bits}) => bits))].sort((a, b) => a - b);
  const models = (bits: number, some: readonly {readonly bits: number; readonly parameters: number}[]) =>
    new Set(some.filter((one) => one.bits === bits).map(({parameters}) => parameters)).size;
  const words = widths
    .filter((bits) => models(bits, harmed) > 0)
    .map((bits) => `${models(bits, harmed)} of ${models(bits, series)} models in ${bits} bits`);
  const least = Math.max(...widths.filter((bits) => models(bits, harmed) > 0), 0);
  const example = series
    .filter(({bits, points}) => bits === least && points.length > 2)
    .sort((a, b) => b.points.length - a.points.length || b.parameters - a.parameters)
    .find(({parameters}) => harmed.some((one) => one.bits === least && one.parameters === parameters));
  const sentence = example
    ? ` ${count(example.parameters)} parameters in ${least} bits: ${example.points.map(({after}) => after.toFixed(3)).join(", ")} nats after ${example.points.map(({tokens}) => Math.round(tokens / example.parameters)).join(", ")} tokens for each.`
    : "";
  const equal = harmed.filter(({isSameRate}) => isSameRate).length;
  const most = widths.at(-1)!;
  return {
    verdict: harmed.length === 0 ? "differs" : "agrees",
    ours:
      harmed.length === 0
        ? "In no model and no number of bits did more text make the rounded model worse by more than chance."
        : `More text made the model better and its rounded weights worse in ${listed(words)}${least < most ? `, and in none with more` : ""}.${sentence} Of ${harmed.length} such pairs of runs ${equal} were trained with one learning rate, so that it is not the rate${equal === harmed.length ? "" : " alone"} that does it.`,
    from: rows.filter(({method}) => method === "nearest"),
  } as const;
}

function methods({fits}: Evidence) {
  const found = (["nearest", "gptq"] as const).flatMap((method) => {
    const exponent = exponentOf(fits, `post-training-${method}`, "gamma_D");
    return exponent ? [{...exponent, method}] : [];
  });
  if (found.length === 0) return undefined;
  const words = found.map(
    ({method, value, interval}) =>
      `${decimal(value)} (${decimal(interval[0])} to ${decimal(interval[1])}) ${method === "gptq" ? "by GPTQ" : "to nearest"}`,
  );
  return {
    verdict: found.every(({interval}) => interval[0] > 0)
      ? "agrees"
      : found.some(({interval}) => interval[0] > 0)
        ? "in part"
        : "not told",
    ours: `In 3 to 6 bits the cost grows by D to the power ${listed(words)}.`,
    from: sweepsOf(...found.map(({fit}) => fit)),
  } as const;
}

function robustness({rows}: Evidence) {
  const after = rows.filter(({method}) => method === "nearest");
  const bits = Math.min(...after.map(({postTrainingBits}) => postTrainingBits));
  const rounded = after.filter(({postTrainingBits}) => postTrainingBits === bits);
  const plain = new Map(
    rounded.filter(({operands}) => operands === "").map((row) => [modelKey(row), riseOf(row)]),
  );
  const pairs = rounded.flatMap((row) => {
    const reference = plain.get(modelKey(row));
    return row.operands === "P2" && row.weightBits > bits && reference !== undefined
      ? [{trained: row.weightBits, share: riseOf(row) / reference}]
      : [];
  });
  if (pairs.length < 3) return undefined;
  const less = pairs.filter(({share}) => share < 1).length;
  const words = rollups(
    pairs,
    (same) => median(same, ({share}) => share)!,
    ({trained}) => trained,
  )
    .sort((a, b) => b[0] - a[0])
    .map(([trained, share]) => `${Math.round(100 * share)} % when trained in ${trained}`);
  return {
    verdict: less === pairs.length ? "agrees" : less > pairs.length / 2 ? "in part" : "differs",
    ours: `Rounded to ${bits} bits, models trained with rounded weights lose less than those trained in float32 in ${less} of ${pairs.length} cases: in the median ${listed(words)} bits.`,
    from: rounded,
  } as const;
}

function inTraining({rows}: Evidence) {
  const from = rows.filter(
    (row) => isRun(row) && row.sweep === "overtraining" && row.operands === "P2 P4 P6",
  );
  const models = groups(from, ({parameters}) => parameters).flatMap(([parameters, members]) => {
    const points = groups(members, ({tokens}) => tokens)
      .map(([tokens, same]) => {
        const rates = rollups(
          same,
          (runs) => mean(runs, ({loss}) => loss)!,
          ({learningRate}) => learningRate,
        );
        const tuned = same.filter(({isTuned}) => isTuned);
        return {
          tokens,
          best: Math.min(...rates.map(([, loss]) => loss)),
          tuned: mean(tuned.length > 0 ? tuned : same, ({loss}) => loss)!,
          noise: median(same, ({noise}) => noise ?? 0)!,
        };
      })
      .sort((a, b) => a.tokens - b.tokens);
    return points.length > 1 ? [{parameters, points}] : [];
  });
  if (models.length === 0) return undefined;
  const isHarmed = (key: "best" | "tuned") =>
    models.filter(({points}) =>
      points.some((point, i) =>
        points.slice(0, i).some((before) => point[key] > before[key] + 2 * point.noise),
      ),
    );
  const [best, tuned] = [isHarmed("best"), isHarmed("tuned")];
  const {parameters, points} = models.reduce((a, b) => (last(b) > last(a) ? b : a));
  const losses = (key: "best" | "tuned") => points.map((point) => point[key].toFixed(3)).join(", ");
  const ratios = points.map(({tokens}) => Math.round(tokens / parameters)).join(", ");
  const trap =
    tuned.length > best.length
      ? ` With the rates that are best in float32 it looks otherwise (${losses("tuned")}): those of the longer runs are too large for few bits.`
      : "";
  return {
    verdict: best.length === 0 ? "not told" : best.length === models.length ? "agrees" : "in part",
    ours: `${count(parameters)} parameters and ${ratios} tokens for each, in ${formatNames(from)}: ${losses("best")} nats with the better of the learning rates tried. ${best.length === 0 ? `In none of ${models.length} models more text does harm by more than chance; a critical size, if there is one, lies beyond` : `In ${best.length} of ${models.length} models more text does harm`}.${trap}`,
    from,
  } as const;

  function last({parameters, points}: (typeof models)[number]): number {
    return points.at(-1)!.tokens / parameters;
  }
}

const formatNames = (rows: readonly LawRow[]): string =>
  listed([...new Set(rows.map(({exponentBits, mantissaBits}) => `E${exponentBits}M${mantissaBits}`))]);

/** What the forms in N, D and bits of weights are called in a sentence. */
const formNames: Readonly<Record<string, string>> = {
  "precision-weights": "fewer parameters",
  "effective-tokens": "fewer tokens",
  "effective-both-tied": "fewer of both, tied",
  "effective-both-untied": "fewer of both, untied",
  "additive-power": "a sum",
  "multiplicative-power": "a product",
  "growing-cost": "our form, whose cost grows with text",
};

function forms({fits, rows}: Evidence) {
  const rounded = new Set(rows.filter(({operands}) => operands !== "").map(({run}) => run));
  const ranking = fits
    .filter(({data, of}) => data === "weights" && of === "loss")
    .flatMap((fit) => {
      const errors = fit.result.heldOut?.logErrors.filter(
        (error, i) => rounded.has(fit.rows[i]) && Number.isFinite(error),
      );
      return errors && errors.length > 0
        ? [{law: fit.law, error: Math.sqrt(mean(errors, (error) => error ** 2)!), fit}]
        : [];
    })
    .sort((a, b) => a.error - b.error);
  const published = ranking.filter(({law}) => law !== "growing-cost");
  const place = published.findIndex(({law}) => law === "precision-weights");
  if (place < 0 || published.length < 3) return undefined;
  // The untied form has a constant more, and does better in the paper, too.
  const better = published.slice(0, place).filter(({law}) => law !== "effective-both-untied");
  return {
    verdict: better.length === 0 ? "agrees" : better.length === 1 ? "in part" : "differs",
    ours: `Root mean square error of ln loss on runs of sizes held out, from the best: ${ranking.map(({law, error}) => `${formNames[law]} ${error.toFixed(4)}`).join("; ")}.`,
    from: rows.filter((row) => isInteger(row) && row.operands === "P2"),
  } as const;
}

function floor({rows, fits}: Evidence) {
  const fit = fits.find(({data}) => data === "plain");
  const found = fit?.result.constants.find(({name}) => name === "E");
  if (!fit || !found?.interval) return undefined;
  const [low, high] = found.interval;
  const entropy = rows[0].floor;
  const isKnown = low > 0.5 * found.value;
  const truth =
    entropy === null
      ? ""
      : ` The entropy rate of this generated text is known: ${entropy.toFixed(3)} nats${entropy >= low && entropy <= high ? "" : ", outside of that"}.`;
  return {
    verdict: isKnown
      ? entropy === null || (entropy >= low && entropy <= high)
        ? "agrees"
        : "differs"
      : "not told",
    ours: `The fit to ${fit.result.rows} runs that round nothing gives E = ${found.value.toFixed(2)}, 95 % interval ${low.toFixed(2)} to ${high.toFixed(2)}${isKnown ? "" : ": these sizes do not tell it"}.${truth}`,
    from: sweepsOf(fit),
  } as const;
}

const minus = (value: number): string => (value < 0 ? "−" : "+");
const signed = (value: number): string => `${minus(value)}${Math.abs(value).toFixed(3)}`;
const decimal = (value: number): string => value.toFixed(2).replace("-", "−");

/** "4,164", "131 thousand", "2.1 million". */
function count(value: number): string {
  if (value >= 1e6) return `${Number((value / 1e6).toPrecision(2))} million`;
  if (value >= 1e5) return `${Math.round(value / 1e3)} thousand`;
  return Math.round(value).toLocaleString("en");
}

import {describe, expect, it} from "vitest";
import {type LawRow, lawRows} from "../../loaders/law-rows.js";
import {lawVerdicts} from "../../loaders/law-verdicts.js";
import type {OurFit} from "../../loaders/our-laws.js";
import {publishedSweep} from "../../loaders/sweep-records.js";
import {lawRow} from "./law-row.js";

const verdictOf = (id: string, rows: readonly LawRow[], fits: readonly OurFit[] = []) =>
  lawVerdicts(rows, fits).find((verdict) => verdict.id === id);

/** Rows of casts, each with a rise above 2 nats. */
const rises = (shared: Partial<LawRow>, each: readonly (Partial<LawRow> & {rise: number})[]) =>
  each.map(({rise, ...changes}) => lawRow({...shared, ...changes, loss: 2 + rise}));

const weights = {operands: "P2", exponentBits: 0} as const;
const activations = {operands: "P1", exponentBits: 0} as const;
const cache = {operands: "KV"} as const;

/** A fit of which verdicts read constants, errors and the range. */
function fitOf(
  changes: Partial<OurFit> & {constants?: Record<string, [number, number, number]>; errors?: number[]},
): OurFit {
  const {constants = {}, errors, ...rest} = changes;
  return {
    ...{
      data: "integers",
      title: "",
      corpus: "made up",
      sweeps: ["precision"],
      law: "growing-cost",
      of: "rise",
    },
    ...{domain: {parameters: [4e3, 3e4], tokens: [131072, 2e6]}, rows: []},
    result: {
      rows: 30,
      constants: Object.entries(constants).map(([name, [low, value, high]]) => ({
        ...{name, symbol: name, value, interval: [low, high], standardError: null},
        ...{identified: true, atBound: false, fixed: false},
      })),
      heldOut: errors ? {logErrors: errors} : null,
    },
    ...rest,
  } as unknown as OurFit;
}

describe("lawVerdicts(rows, fits)", () => {
  it("says from how many bits on rounding is free, and agrees where every operand has such bits", () => {
    const rows = [
      ...rises(
        weights,
        [6, 5, 4, 3].map((weightBits, i) => ({weightBits, rise: [0.001, 0.005, 0.05, 0.2][i]})),
      ),
      ...rises(
        activations,
        [8, 6, 4].map((activationBits, i) => ({activationBits, rise: [0.002, 0.1, 0.4][i]})),
      ),
    ];
    const free = verdictOf("saturation", rows)!;
    expect(free.verdict).toBe("agrees");
    expect(free.ours).toContain("lost with 5 bits of weights and 8 bits of activations");
    expect(free.ours).toContain("weights +0.200 and activations +0.400");
    const costly = rows.map((row) => (row.activationBits === 8 ? {...row, loss: 2.08} : row));
    expect(verdictOf("saturation", costly)).toMatchObject({
      verdict: "in part",
      ours: expect.stringContaining("more than 8 of activations"),
    });
    expect(verdictOf("saturation", [])).toBeUndefined();
  });

  it("compares operands at equal bits", () => {
    const rows = [
      ...rises(weights, [{weightBits: 4, rise: 0.02}]),
      ...rises(activations, [{activationBits: 4, rise: 0.1}]),
      ...rises(cache, [
        {cacheBits: 4, rise: 0.02},
        {cacheBits: 2, rise: 0.3},
      ]),
    ];
    expect(verdictOf("order", rows)).toMatchObject({
      verdict: "agrees",
      ours: expect.stringMatching(
        /In 4 bits activations.*\+0\.100.*\+0\.020\. Keys and values cost \+0\.020 in 4 bits and \+0\.300 in 2\./,
      ),
    });
    const other = rows.map((row) => (row.weightBits === 4 ? {...row, loss: 2.4} : row));
    expect(verdictOf("order", other)?.verdict).toBe("in part");
  });

  it("takes the double difference of two operands for what they do together", () => {
    const cost = {2: 0.2, 4: 0.05, 6: 0.02, 8: 0} as Record<number, number>;
    const pairs = (together: number) =>
      [2, 4, 6, 8].flatMap((weightBits) =>
        [4, 6, 8].map((activationBits) => {
          const both = weightBits < 8 && activationBits < 8 ? together : 0;
          return {
            ...{weightBits, activationBits, operands: "P1 P2", exponentBits: 0},
            rise: cost[weightBits] + 2 * cost[activationBits] + both,
          };
        }),
      );
    const rows = (together: number) => [lawRow(), ...rises({}, pairs(together))];
    expect(verdictOf("independence", rows(0.003))).toMatchObject({
      verdict: "agrees",
      ours: expect.stringMatching(/6 of 6 pairs.*between \+0\.003 and \+0\.003 nats/),
    });
    expect(verdictOf("independence", rows(0.2))).toMatchObject({verdict: "differs"});
  });

  it("reads from the fitted exponents whether the cost grows with text, and falls with size", () => {
    const growing = {gamma_D: [0.3, 0.7, 0.9], gamma_N: [-0.2, 0.1, 0.3]} as Record<
      string,
      [number, number, number]
    >;
    const fits = [
      fitOf({constants: growing}),
      fitOf({
        data: "floating-point",
        law: "floating-point-free",
        constants: {...growing, gamma_N: [0.1, 0.2, 0.3]},
      }),
    ];
    const rows = [lawRow()];
    expect(verdictOf("text", rows, fits)).toMatchObject({
      verdict: "differs",
      ours: expect.stringContaining(
        "to the power 0.70 (95 % interval 0.30 to 0.90), from 131 thousand to 2 million tokens: it grows",
      ),
      sweeps: ["precision"],
    });
    expect(verdictOf("growth", rows, fits)?.verdict).toBe("agrees");
    expect(verdictOf("size", rows, fits)).toMatchObject({
      verdict: "agrees",
      ours: expect.stringContaining(
        "−0.10 (−0.30 to 0.20) for integers and −0.20 (−0.30 to −0.10) for floating-point formats",
      ),
    });
    expect(verdictOf("size", rows, fits)).toMatchObject({
      ours: expect.stringMatching(
        /: for integers nothing can be told from no dependence and for floating-point formats it falls with size\.$/,
      ),
    });
    const flat = fitOf({constants: {...growing, gamma_D: [-0.1, 0.2, 0.5]}});
    expect(verdictOf("text", rows, [flat])?.verdict).toBe("not told");
    expect(verdictOf("size", rows, [flat])?.verdict).toBe("not told");
    const falling = fitOf({constants: {...growing, gamma_D: [-0.5, -0.4, -0.1]}});
    expect(verdictOf("text", rows, [falling])?.verdict).toBe("agrees");
  });

  it("sees a critical data size where more text makes the model better and its rounded weights worse", () => {
    const points = (after: readonly number[], rates: readonly number[] = [0.01, 0.01, 0.01]) =>
      after.map((loss, i) =>
        lawRow({
          ...{sweep: "post-training", method: "nearest", postTrainingBits: 3, parameters: 1000},
          ...{tokens: 1e5 * 4 ** i, referenceLoss: 2 - 0.1 * i, loss, learningRate: rates[i]},
        }),
      );
    expect(verdictOf("after-training", points([2.2, 2.15, 2.4]))).toMatchObject({
      verdict: "agrees",
      ours: expect.stringMatching(
        /1 of 1 models in 3 bits\. 1,000 parameters in 3 bits: 2\.200, 2\.150, 2\.400 nats after 100, 400, 1600 tokens for each\. Of 2 such pairs of runs 2 were trained with one learning rate/,
      ),
    });
    expect(verdictOf("after-training", points([2.2, 2.15, 2.4], [0.01, 0.01, 0.02]))?.ours).toContain(
      "Of 2 such pairs of runs 0 were",
    );
    expect(verdictOf("after-training", points([2.2, 2.15, 2.16]))).toMatchObject({
      verdict: "differs",
      ours: expect.stringContaining("In no model"),
    });
  });

  it("tells the harm of text from that of a learning rate", () => {
    const run = (tokens: number, learningRate: number, loss: number, isTuned: boolean) =>
      lawRow({
        ...{sweep: "overtraining", operands: "P2 P4 P6", exponentBits: 1, mantissaBits: 1, parameters: 1000},
        ...{tokens, learningRate, loss, isTuned},
      });
    const trap = [run(1e5, 0.01, 1.9, true), run(1e6, 0.02, 2.0, true), run(1e6, 0.01, 1.85, false)];
    expect(verdictOf("in-training", trap)).toMatchObject({
      verdict: "not told",
      ours: expect.stringMatching(
        /100, 1000 tokens for each, in E1M1: 1\.900, 1\.850 nats.*looks otherwise \(1\.900, 2\.000\)/,
      ),
    });
    const harm = [run(1e5, 0.01, 1.9, true), run(1e6, 0.02, 2.0, true), run(1e6, 0.01, 1.95, false)];
    expect(verdictOf("in-training", harm)).toMatchObject({
      verdict: "agrees",
      ours: expect.stringContaining("In 1 of 1 models more text does harm"),
    });
  });

  it("compares models trained with few bits with those trained without, rounded to fewer", () => {
    const pairs = (share: number) =>
      [1e3, 2e3, 3e3].flatMap((parameters) => {
        const shared = {method: "nearest", postTrainingBits: 2, parameters} as const;
        return [
          lawRow({...shared, loss: 3, referenceLoss: 2}),
          lawRow({...shared, ...weights, weightBits: 4, loss: 2.1 + share, referenceLoss: 2.1}),
          // As many bits as in training change nothing, and say nothing.
          lawRow({...shared, ...weights, weightBits: 2, loss: 2.4, referenceLoss: 2.4}),
        ];
      });
    expect(verdictOf("robustness", pairs(0.5))).toMatchObject({
      verdict: "agrees",
      ours: expect.stringMatching(/in 3 of 3 cases: in the median 50 % when trained in 4 bits/),
    });
    expect(verdictOf("robustness", pairs(1.5))?.verdict).toBe("differs");
  });

  it("asks of layouts whether a second exponent bit is worth a mantissa bit, and a third anything", () => {
    const formats = {E1M2: 0.02, E2M1: 0.02, E3M1: 0.021, E4M1: 0.019} as Record<string, number>;
    const rows = (costs: Record<string, number>) =>
      Object.entries(costs).flatMap(([name, rise]) =>
        rises({sweep: "exponent-mantissa", operands: "P2 P4 P6"}, [
          ...[1, 2, 3].map((seed) => ({
            ...{seed, rise, exponentBits: Number(name[1]), mantissaBits: Number(name[3])},
          })),
        ]),
      );
    const fits = (delta: [number, number, number], nu: [number, number, number]) => [
      fitOf({data: "floating-point", law: "floating-point-free", constants: {delta, nu}}),
    ];
    const [low, high] = [
      [0.8, 1, 1.2],
      [1.9, 2.1, 2.4],
    ] as [number, number, number][];
    expect(verdictOf("layout", rows(formats), fits(low, high))).toMatchObject({
      verdict: "in part",
      ours: expect.stringMatching(
        /E2M1 costs \+0\.020 nats and E1M2 \+0\.020: no difference .* do not help: E2M1 \+0\.020, with up to 4 exponent bits \+0\.019 to \+0\.021\. The fit's powers are 1\.0 \(0\.8 to 1\.2\) for E \+ ½ and 2\.1/,
      ),
    });
    const helping = {...formats, E2M1: 0.1, E3M1: 0.01, E4M1: 0.005};
    expect(verdictOf("layout", rows(helping), fits(high, low))).toMatchObject({
      verdict: "agrees",
      ours: expect.stringContaining("more than two exponent bits help"),
    });
    expect(verdictOf("layout", rows({...formats, E1M2: 0.2}), fits(low, high))).toMatchObject({
      verdict: "differs",
      ours: expect.stringContaining("the exponent bit is worth more"),
    });
  });

  it("fits a line to the rises by the logarithm of the block size", () => {
    const rows = (slope: number, models: number) =>
      Array.from({length: models}, (_, model) =>
        rises(
          {
            sweep: "block-size",
            operands: "P2 P4 P6",
            exponentBits: 1,
            mantissaBits: 1,
            parameters: 1e3 * (model + 1),
          },
          [4, 16, 64, 256].map((blockSize, i) => ({
            blockSize,
            rise: 0.01 * (model + 1) + slope * Math.log2(blockSize) + (i % 2 ? 1 : -1) * 1e-4,
          })),
        ),
      ).flat();
    expect(verdictOf("blocks", rows(0.005, 1))).toMatchObject({
      verdict: "in part",
      ours: expect.stringMatching(
        /E1M1, from 4 to 256 values to a scale: \+0\.005 ± 0\.000 nats for each doubling, \+0\.020 at 4/,
      ),
    });
    expect(verdictOf("blocks", rows(0.005, 2))?.verdict).toBe("agrees");
    expect(verdictOf("blocks", rows(0, 2))?.verdict).toBe("not told");
  });

  it("orders operands by what they cost alone", () => {
    const costs = {P1: 0.1, P2: 0.05, P3: 0.08, P4: 0.001, P5: 0.13, P6: 0.005, "P2 P4 P6": 0.051};
    const rows = (changes: Record<string, number> = {}) =>
      rises(
        {sweep: "targets", exponentBits: 1, mantissaBits: 1},
        Object.entries({...costs, ...changes}).map(([operands, rise]) => ({operands, rise})),
      );
    expect(verdictOf("operands", rows())).toMatchObject({
      verdict: "agrees",
      ours: expect.stringContaining("P4 +0.001, P6 +0.005, P2 +0.050, P3 +0.080, P1 +0.100, P5 +0.130"),
    });
    expect(verdictOf("operands", rows({P3: 0.02}))?.verdict).toBe("in part");
    expect(verdictOf("operands", rows({P3: 0.02, P4: 0.3, "P2 P4 P6": 0.4}))?.verdict).toBe("differs");
  });

  it("asks both methods whether rounding after training costs more with more text", () => {
    const fits = (low: number) => [
      fitOf({data: "post-training-nearest", constants: {gamma_D: [0.8, 1, 1.2]}}),
      fitOf({data: "post-training-gptq", constants: {gamma_D: [low, 1.1, 1.5]}}),
    ];
    expect(verdictOf("methods", [lawRow()], fits(0.9))).toMatchObject({
      verdict: "agrees",
      ours: expect.stringContaining("1.00 (0.80 to 1.20) to nearest and 1.10 (0.90 to 1.50) by GPTQ"),
    });
    expect(verdictOf("methods", [lawRow()], fits(-0.1))?.verdict).toBe("in part");
  });

  it("ranks forms by their errors on held-out runs that round something", () => {
    const rows = [lawRow({run: "plain"}), lawRow({run: "rounded", ...weights, weightBits: 3})];
    const form = (law: string, error: number) =>
      fitOf({data: "weights", of: "loss", law, rows: ["plain", "rounded"], errors: [9, error]});
    const ranked = (best: number) => [
      form("precision-weights", best),
      form("effective-tokens", 0.03),
      form("additive-power", -0.04),
      form("growing-cost", 0.01),
    ];
    expect(verdictOf("forms", rows, ranked(0.02))).toMatchObject({
      verdict: "agrees",
      ours: expect.stringMatching(
        /grows with text 0\.0100; fewer parameters 0\.0200; fewer tokens 0\.0300; a sum 0\.0400\./,
      ),
    });
    expect(verdictOf("forms", rows, ranked(0.035))?.verdict).toBe("in part");
    expect(verdictOf("forms", rows, ranked(0.05))?.verdict).toBe("differs");
  });

  it("says whether the runs tell the floor of the loss, and compares it with a text whose entropy is known", () => {
    const plain = (interval: [number, number, number]) => [
      fitOf({data: "plain", of: "loss", constants: {E: interval}}),
    ];
    const rows = [lawRow({floor: 0.745})];
    expect(verdictOf("floor", rows, plain([0.01, 1.3, 1.4]))).toMatchObject({
      verdict: "not told",
      ours: expect.stringMatching(/E = 1\.30.*these sizes do not tell it\..*0\.745 nats\./),
    });
    expect(verdictOf("floor", rows, plain([0.7, 0.75, 0.8]))?.verdict).toBe("agrees");
    expect(verdictOf("floor", rows, plain([1.1, 1.2, 1.3]))).toMatchObject({
      verdict: "differs",
      ours: expect.stringContaining("outside of that"),
    });
    expect(verdictOf("floor", [lawRow()], plain([1.1, 1.2, 1.3]))?.verdict).toBe("agrees");
  });

  it("tells texts apart", () => {
    const rows = ["one", "two"].flatMap((corpus) =>
      rises(
        {...weights, corpus},
        [6, 4, 3].map((weightBits) => ({weightBits, rise: corpus === "one" ? 0.3 / weightBits : 0})),
      ),
    );
    const found = lawVerdicts(rows, []).filter(({id}) => id === "saturation");
    expect(found.map(({corpus, verdict}) => `${corpus} ${verdict}`)).toEqual(["one differs", "two differs"]);
  });

  it("has a sentence for every claim that the published runs bear on, with plain numbers", async () => {
    // Those that are read soonest.
    const sweeps = ["allocation", "targets", "block-size", "overtraining", "post-training", "real-text"];
    const rows: LawRow[] = [];
    for (const sweep of sweeps) rows.push(...lawRows(sweep, await publishedSweep(sweep)));
    const verdicts = lawVerdicts(rows, []);
    const ids = verdicts.map(({id}) => id);
    expect(ids).toEqual(
      expect.arrayContaining(["saturation", "order", "independence", "operands", "blocks"]),
    );
    expect(ids).toEqual(expect.arrayContaining(["after-training", "robustness", "in-training"]));
    for (const {ours, sweeps} of verdicts) {
      expect(ours).toMatch(/^[A-Z0-9].*\.$/);
      expect(ours).not.toMatch(/NaN|undefined|Infinity|null|\d\.\d{5}| -\d/);
      expect(sweeps.length).toBeGreaterThan(0);
    }
  });
});

import {describe, expect, it} from "vitest";
import {criticalChoices} from "../../../docs/components/critical-choices.js";
import {criticalExplorer, explorerPlace} from "../../../docs/components/critical-explorer.js";
import {criticalFitFigure, fitSentence, fittedRise} from "../../../docs/components/critical-fit-figure.js";
import {criticalAfterFigure, criticalInFigure} from "../../../docs/components/critical-law-figure.js";
import {afterTrainingLines, inTrainingLines} from "../../../docs/components/critical-laws.js";
import {criticalRoundedFigure} from "../../../docs/components/critical-rounded-figure.js";
import {
  type CriticalRow,
  criticalRows,
  hasTurned,
  lowest,
  roundedSeries,
  trainingSeries,
} from "../../../docs/components/critical-rows.js";
import {
  criticalTakeaway,
  explorerSentence,
  lawSentence,
  roundedSentence,
  trainingSentence,
  trapClaim,
} from "../../../docs/components/critical-sentences.js";
import {criticalTrainingFigure} from "../../../docs/components/critical-training-figure.js";
import type {OurFit} from "../../../docs/components/our-fit.js";
import {pageState} from "../../../docs/components/page-state.js";
import {countLabel, countText} from "../../../docs/components/token-count.js";
import {page} from "./page.js";

const none = Number.POSITIVE_INFINITY;

const row = (changes: Partial<CriticalRow>): CriticalRow => ({
  ...{sweep: "post-training", corpus: "made up", seed: 1, learningRate: 0.01, isTuned: true},
  ...{parameters: 1000, tokens: 1e5, operands: "", method: "none", weightBits: none, exponentBits: none},
  ...{mantissaBits: none, postTrainingBits: none, loss: 2, referenceLoss: 2, noise: 0.01},
  ...changes,
});

/** A model of 1000 parameters after 10, 100 and 1000 tokens for each, rounded to 3 and 5 bits in both ways. */
const before = [2, 1.8, 1.7];
const after = {3: [2.1, 2, 2.3], 5: [2.01, 1.82, 1.73]} as Record<number, number[]>;
const rounded = (["nearest", "gptq"] as const).flatMap((method) =>
  [3, 5].flatMap((postTrainingBits) =>
    [0, 1, 2].flatMap((i) =>
      [-0.001, 0.001].map((shift, seed) =>
        row({
          ...{method, postTrainingBits, tokens: 1e4 * 10 ** i, seed: seed + 1},
          ...{referenceLoss: before[i] + shift, loss: after[postTrainingBits][i] + shift},
        }),
      ),
    ),
  ),
);

const long = (changes: Partial<CriticalRow>) => row({sweep: "overtraining", ...changes});
const e1m1 = {operands: "P2 P4 P6", exponentBits: 1, mantissaBits: 1, weightBits: 3} as const;
const trained = [
  long({tokens: 1e5, loss: 2}),
  long({tokens: 1e6, loss: 1.8, learningRate: 0.02}),
  long({tokens: 1e6, loss: 1.81, isTuned: false}),
  long({...e1m1, tokens: 1e5, loss: 2.05}),
  long({...e1m1, tokens: 1e6, loss: 2.15, learningRate: 0.02}),
  long({...e1m1, tokens: 1e6, loss: 1.95, isTuned: false}),
];
const rows = [...rounded, ...trained];

const ourFit = (data: string, constants: Record<string, number>): OurFit => ({
  ...{data, corpus: "made up", law: "rise-post-training", of: "rise", sweeps: ["post-training"], domain: {}},
  result: {
    ...{rows: 72, rootMeanSquare: 0.01, heldOut: null},
    constants: Object.entries(constants).map(([name, value]) => ({
      ...{name, value, interval: [0.9 * value, 1.1 * value] as const, identified: value !== 0.001},
      atBound: value === 0.001,
    })),
  },
});
const fits = [
  ourFit("post-training-nearest", {C_T: 1e-5, gamma_D: 1, gamma_N: 0.001, gamma_post: 0.6}),
  ourFit("plain", {A: 10, B: 20, E: 1, alpha: 0.5, beta: 0.4}),
  ourFit("post-training-gptq", {C_T: 1e-5, gamma_D: 1, gamma_N: 0.3, gamma_post: 0.6}),
];

function open(url = "https://example.org/critical-data") {
  const {window, document} = page({url});
  return {document, state: pageState(criticalChoices(rows), window as unknown as Window)};
}

describe("series of losses by text", () => {
  it("are means over seeds, with the run before rounding as a line of its own", () => {
    const series = roundedSeries(rows, {parameters: 1000, method: "nearest"});
    expect(series.map(({name}) => name)).toEqual(["3 bits", "5 bits", "not rounded"]);
    expect(
      series[0].points.map(({loss, tokensPerParameter, seeds}) => [loss, tokensPerParameter, seeds]),
    ).toEqual([
      [expect.closeTo(2.1), 10, 2],
      [expect.closeTo(2), 100, 2],
      [expect.closeTo(2.3), 1000, 2],
    ]);
    expect(lowest(series[0].points).tokensPerParameter).toBe(100);
    expect(series.map(({points}) => hasTurned(points, 0.01))).toEqual([true, false, false]);
    expect(series[1].points[2].rise).toBeCloseTo(0.03);
  });

  it("of long trainings follow the tuned rates, or those best for the cast", () => {
    const losses = (rates: "tuned" | "own") =>
      trainingSeries(rows, {parameters: 1000, rates}).map(({name, points}) => [
        name,
        points.map(({loss}) => loss),
      ]);
    expect(losses("tuned")).toEqual([
      ["not rounded", [2, 1.8]],
      ["E1M1", [2.05, 2.15]],
    ]);
    expect(losses("own")).toEqual([
      ["not rounded", [2, 1.8]],
      ["E1M1", [2.05, 1.95]],
    ]);
  });

  it("are of the text with the most runs that were rounded", () => {
    const other = row({corpus: "another", method: "nearest", postTrainingBits: 3});
    expect(criticalRows([other, ...rows])).toEqual(rows);
    expect(criticalRows([])).toEqual([]);
  });
});

describe("sentences", () => {
  it("say which bits turn, of how many models", () => {
    expect(criticalTakeaway(rows)).toBe(
      "More text made every model here better. Once the weights were rounded, it made some of them worse: 1 of 1 in 3 bits.",
    );
    const calm = rounded.map((one) =>
      one.postTrainingBits === 3 ? {...one, loss: one.referenceLoss! + 0.1} : one,
    );
    expect(criticalTakeaway(calm)).toMatch(/better, and none of them worse once its weights were rounded\.$/);
    expect(criticalTakeaway([])).toMatch(/No runs/);
    const series = roundedSeries(rows, {parameters: 1000, method: "gptq"});
    expect(roundedSentence(series, 1000)).toBe(
      "Of the amounts of text that a model of 1,000 parameters was trained on, the loss is lowest in 3 bits at 100 tokens for each parameter, and higher after more. It does not rise again, up to 1000 tokens for each parameter, in 5 bits, nor where nothing is rounded.",
    );
  });

  it("tell the harm of text from that of the learning rate", () => {
    const say = (rates: "tuned" | "own") =>
      trainingSentence(trainingSeries(rows, {parameters: 1000, rates}), rates);
    expect(say("tuned")).toMatch(
      /\(0\.01, 0\.02\): E1M1 is best after 100 tokens.* up to 0\.100 nats worse after more/,
    );
    expect(say("own")).toMatch(
      /^With the best of the learning rates that were tried for each line: E1M1 is not worse after more text/,
    );
    expect(trainingSentence([], "tuned")).toMatch(/^No model/);
    expect(trapClaim(rows)).toMatch(
      /1 of 1 models trained in E1M1 gets worse with more text\. .*none of 1 does: it is the rate that does the harm/,
    );
    const harm = rows.map((one) => (one.operands === "P2 P4 P6" && !one.isTuned ? {...one, loss: 2.1} : one));
    expect(trapClaim(harm)).toMatch(/in E1M1 itself, 1 of 1 does\.$/);
  });

  it("give the published critical amounts of text: Kumar's with its offset, and Sun's for a billion parameters", () => {
    const kumar = lawSentence(afterTrainingLines(30e6), 30e6, "");
    expect(kumar).toContain("5.3 billion in 3 bits (177 for each parameter)");
    const sun = inTrainingLines(1e9, {formats: ["E2M1", "E4M3", "E8M7"], block: "128"});
    expect(sun.slice(0, 3).map(({critical}) => countText(critical))).toEqual([
      "393 billion",
      "27 trillion",
      "1.7 quadrillion",
    ]);
    expect(lawSentence([], 1e9, "")).toBe("Choose a format.");
  });

  it("say on which side of the lines a point lies, and when the law is stretched", () => {
    const lines = [
      {name: "3 bits", critical: 1e10, lossAt: () => 2},
      {name: "4 bits", critical: 4e10, lossAt: () => 2},
    ];
    const at = (tokens: number, outside = "") => explorerSentence(lines, {parameters: 1e9, tokens}, outside);
    expect(at(2e10)).toBe(
      "1 billion parameters on 20 billion tokens, 20 for each: past the critical amount in 3 bits; in 4 bits there is room for 2 times the text.",
    );
    expect(at(5e9)).toMatch(/before the critical amount in every format shown, by a factor of 2\.$/);
    expect(at(1e11)).toMatch(/past the critical amount in 3 bits and 4 bits\.$/);
    expect(at(1e11, "Far out.")).toMatch(/\. Far out\.$/);
  });

  it("give our fit with intervals beside the paper's constants, and say what it does not tell", () => {
    const text = fitSentence(fits[0], fits[1], {parameters: 1000, method: "nearest"});
    expect(text).toContain("grows with D to the power 1.00 (0.90 to 1.10), does not fall with N in a way");
    expect(text).toContain(
      "every 0.60 (0.54 to 0.66) bits. The paper, of its models: D to the power 0.51, N to the power −0.34, every 0.59 bits.",
    );
    // The lowest point of 20/D^0.4 + δ, by hand.
    const slope = 1e-5 * 1000 ** -0.001 * Math.exp(-3 / 0.6);
    const critical = ((0.4 * 20) / slope) ** (1 / 1.4);
    expect(text).toContain(`at ${countText(critical / 1000)} tokens for each.`);
    expect(fitSentence(undefined, undefined, {parameters: 1000, method: "gptq"})).toMatch(/^Too few runs/);
    expect(fittedRise(fits[0], {parameters: 1, tokens: 1e5, bits: 0.6})).toBeCloseTo(1 / Math.E);
  });
});

describe("figures", () => {
  it("draw every line, mark where it turns, and follow the address", () => {
    const {document, state} = open(
      "https://example.org/critical-data?method=gptq&rates=own&size=70000000000",
    );
    const figures = {
      rounded: criticalRoundedFigure(rows, {state, document}),
      fit: criticalFitFigure(rows, fits, {state, document}),
      after: criticalAfterFigure({state, document}),
      in: criticalInFigure({state, document}),
      training: criticalTrainingFigure(rows, {state, document}),
      explorer: criticalExplorer({state, document}),
    };
    for (const [name, figure] of Object.entries(figures)) {
      expect(figure.querySelectorAll("svg path").length, name).toBeGreaterThan(1);
      const label = figure.querySelector("svg")!.getAttribute("aria-label");
      expect(label, name).toBe(figure.querySelector(".figure-sentence")!.textContent);
      expect(label, name).not.toMatch(/NaN|undefined|Infinity/);
    }
    expect(figures.after.textContent).toContain("70 billion parameters");
    expect(figures.after.textContent).toContain("outside of what the law was fitted on");
    expect(figures.training.querySelector(".figure-sentence")!.textContent).toContain("tried for each line");
    state.set({rates: "tuned"});
    expect(figures.training.querySelector(".figure-sentence")!.textContent).toContain(
      "nats worse after more",
    );
  });

  it("say so where nothing has been published", () => {
    const {window, document} = page();
    const state = pageState(criticalChoices([]), window as unknown as Window);
    for (const figure of [
      criticalRoundedFigure([], {state, document}),
      criticalFitFigure([], [], {state, document}),
    ]) {
      expect(figure.querySelector("svg")!.getAttribute("aria-label")).toMatch(/has not been published yet/);
    }
  });

  it("let the point of the explorer be moved by keys, and keep it in the plane", () => {
    const {document, state} = open("https://example.org/critical-data?parameters=1e9&tokens=1e10");
    const handle = criticalExplorer({state, document}).querySelector("button.explorer-handle")!;
    const press = (key: string, shiftKey = false) =>
      handle.dispatchEvent(new document.defaultView!.KeyboardEvent("keydown", {key, shiftKey}));
    press("ArrowUp", true);
    expect(state.get().tokens).toBe("100000000000");
    press("ArrowRight");
    expect(state.get().parameters).toBe("1260000000");
    for (let i = 0; i < 9; i++) press("ArrowDown", true);
    expect(state.get().tokens).toBe("100000000");
    expect(handle.getAttribute("aria-label")).toMatch(/^1\.3 billion parameters on 100 million tokens/);
  });

  it("explorerPlace(width) finds a point again where it was put", () => {
    const place = explorerPlace(700);
    const point = {parameters: 3e9, tokens: 2e12};
    const back = place.from(place.at(point));
    expect(back.parameters / point.parameters).toBeCloseTo(1, 10);
    expect(back.tokens / point.tokens).toBeCloseTo(1, 10);
    expect(place.from({x: -50, y: 1e4})).toEqual({parameters: 1e7, tokens: 1e8});
  });
});

it("countText and countLabel write counts to two digits", () => {
  expect([4164, 131072, 2097152, 5.32e9, 7.6e13, 1.73e15].map(countText)).toEqual([
    ...["4,164", "131 thousand", "2.1 million", "5.3 billion", "76 trillion", "1.7 quadrillion"],
  ]);
  expect([4164, 131072, 999_999, 5.32e9, 12].map(countLabel)).toEqual(["4.2k", "131k", "1M", "5.3B", "12"]);
});

import fc from "fast-check";
import {expect, it} from "vitest";
import {constantsOf, inputsOf, type Law, lossAt} from "../../src/laws/law.js";
import {
  type Advice,
  type PlanChoice,
  type PlanLaw,
  type PlanQuestion,
  recommend,
} from "../../src/laws/plan.js";
import {publishedPlanLaws} from "../../src/laws/plan-laws.js";
import {
  agreementOf,
  agreementSentence,
  beyondText,
  certaintyText,
  outsideTexts,
} from "../../src/laws/plan-words.js";

const planLaws = publishedPlanLaws();
const [integers, asPrinted, floats, afterTraining, chinchilla] = planLaws;
const advise = (planLaw: PlanLaw, question: PlanQuestion) => recommend(planLaw, question);

it.each([
  ["the integer law", integers, {compute: 1e24}, 7.0],
  ["the integer law with N given", integers, {tokens: 1e13, memory: 8e9}, 7.0],
  ["the integer law as printed", asPrinted, {compute: 1e24}, 3.47],
  ["the floating-point law at 1e21 FLOPs", floats, {compute: 1e21}, 4.19],
  ["the floating-point law at 1e24 FLOPs", floats, {compute: 1e24}, 5.005],
  ["the floating-point law at 1e30 FLOPs", floats, {compute: 1e30}, 7.142],
  ["the floating-point law at 1e11 tokens", floats, {tokens: 1e11, compute: 1e22}, 4.27],
  ["the floating-point law at 1e13 tokens", floats, {tokens: 1e13, compute: 1e26}, 6.28],
])("recommend() finds the published optimum of bits: %s", (_, planLaw, question, bits) => {
  const {exactBits, recommended} = advise(planLaw, question);
  expect(exactBits).toBeCloseTo(bits, 1);
  expect(recommended!.bits).toBe(
    Math.round(bits) === Math.round(exactBits!) ? recommended!.bits : Number.NaN,
  );
  expect(Math.abs(recommended!.bits - bits)).toBeLessThan(1);
});

/** Where α·A·N_eff^-α·f′/f = β·B·D^-β/P, which is the optimum at fixed N and compute. */
it.each([
  [1e9, 1e11, 9.47],
  [8e9, 1e12, 9.77],
  [70e9, 1e13, 9.95],
])(
  "recommend() raises the bits with compute where N is fixed: N = %d, D = %d",
  (parameters, tokens, bits) => {
    const {exactBits} = advise(integers, {parameters, compute: (6 / 16) * parameters * tokens * bits});
    expect(exactBits).toBeCloseTo(bits, 1);
  },
);

it("recommend() chooses the published layouts of the floating-point law", () => {
  const {curve} = advise(floats, {parameters: 1e9, tokens: 1e11});
  const names = curve.map(({layout}) => `E${layout!.exponentBits}M${layout!.mantissaBits}`);
  expect(names).toEqual([
    ...["E0M0", "E1M0", "E1M1", "E2M1", "E2M2", "E3M2", "E3M3", "E4M3"],
    ...["E4M4", "E5M4", "E5M5", "E6M5", "E6M6", "E7M6", "E7M7", "E8M7"],
  ]);
});

/** Any question that can be answered. */
const size = fc.double({min: 7, max: 11, noNaN: true}).map((x) => 10 ** x);
const optional = <T>(value: fc.Arbitrary<T>) => fc.option(value, {nil: undefined});
const question: fc.Arbitrary<PlanQuestion> = fc
  .record({
    parameters: optional(size),
    tokens: optional(fc.double({min: 9, max: 14, noNaN: true}).map((x) => 10 ** x)),
    compute: optional(fc.double({min: 19, max: 27, noNaN: true}).map((x) => 10 ** x)),
    memory: optional(fc.double({min: 8, max: 12, noNaN: true}).map((x) => 10 ** x)),
    blockSize: optional(fc.constantFrom(16, 32, 512)),
    inferenceTokens: optional(fc.double({min: 9, max: 13, noNaN: true}).map((x) => 10 ** x)),
  })
  .filter(
    ({parameters, tokens, compute, memory}) =>
      compute !== undefined || (tokens !== undefined && (parameters ?? memory) !== undefined),
  );

const lossOf = ({law, constants}: PlanLaw, choice: PlanChoice, {blockSize = 128}: PlanQuestion) => {
  const {bits, layout, parameters, tokens} = choice;
  const alike = {weightBits: bits, activationBits: bits, cacheBits: bits, postTrainingBits: bits};
  return lossAt(law, constants, {...alike, ...layout, blockSize, parameters, tokens});
};

it("recommend() keeps to what is given and to the budgets, and says the law's own loss", () => {
  fc.assert(
    fc.property(question, fc.constantFrom(...planLaws), (question, planLaw) => {
      const {curve, kind} = advise(planLaw, question);
      const {parameters, tokens, compute = Infinity, memory = Infinity, inferenceTokens = 0} = question;
      for (const choice of curve) {
        expect(choice.loss).toBeCloseTo(lossOf(planLaw, choice, question), 9);
        if (parameters !== undefined) expect(choice.parameters).toBe(parameters);
        if (tokens !== undefined) expect(choice.tokens).toBe(tokens);
        expect(choice.memory).toBeLessThanOrEqual(memory * (1 + 1e-8));
        expect(choice.compute).toBeLessThanOrEqual(compute * (1 + 1e-8));
        const training = kind === "training" ? choice.bits : 16;
        const {parameters: n, tokens: d, bits} = choice;
        const cost = (n * (6 * d * training + 2 * inferenceTokens * (kind === "reference" ? 16 : bits))) / 16;
        expect(choice.compute / cost).toBeCloseTo(1, 9);
      }
    }),
    {numRuns: 60},
  );
});

/** The lowest loss over a fine grid of sizes and tokens that the budgets allow. */
function bruteForce(
  {law, constants}: PlanLaw,
  question: PlanQuestion,
  {bits, layout}: PlanChoice,
  kind: Advice["kind"],
) {
  const values = constantsOf(law, constants);
  const {compute = Infinity, memory = Infinity, inferenceTokens = 0, blockSize = 128} = question;
  const training = kind === "training" ? bits : 16;
  const alike = {weightBits: bits, activationBits: bits, cacheBits: bits, postTrainingBits: bits};
  let best = Infinity;
  const grid = (given: number | undefined, from: number, to: number) =>
    given !== undefined ? [given] : Array.from({length: 150}, (_, i) => from * (to / from) ** (i / 149));
  for (const parameters of grid(question.parameters, 1e5, 1e16)) {
    if ((parameters * bits) / 8 > memory) continue;
    for (const tokens of grid(question.tokens, 1e5, 1e18)) {
      if ((parameters * (6 * tokens * training + 2 * inferenceTokens * bits)) / 16 > compute) continue;
      const point = {...alike, ...layout, blockSize, parameters, tokens};
      best = Math.min(best, law.evaluate(values, inputsOf(law as Law, point)));
    }
  }
  return best;
}

it("recommend() is not beaten by a search over a grid of sizes and tokens", () => {
  fc.assert(
    fc.property(question, fc.constantFrom(...planLaws), fc.nat(20), (question, planLaw, place) => {
      const {curve, kind} = advise(planLaw, question);
      const choice = curve[place % Math.max(1, curve.length)];
      if (!choice) return;
      expect(choice.loss).toBeLessThanOrEqual(bruteForce(planLaw, question, choice, kind) + 1e-9);
    }),
    {numRuns: 25},
  );
});

it("recommend() does not spend compute on tokens that hurt", () => {
  // 41M with E1M1 by channel gets worse from 10.5B to 104.9B tokens (Sun et al.).
  const layout = {exponentBits: 1, mantissaBits: 1};
  const blockSize = 2 ** 13.1567;
  const {recommended} = advise(floats, {parameters: 40_894_464, compute: 1e22, layout, blockSize});
  expect(recommended!.tokens).toBeLessThan(104.9e9);
  expect(recommended!.compute).toBeLessThan(1e21);
});

it("recommend() takes the fewest bits that lose next to nothing where bits are traded for nothing", () => {
  const advice = advise(integers, {parameters: 1e9, tokens: 1e12});
  const {recommended, curve, isByTolerance, exactBits} = advice;
  const best = Math.min(...curve.map(({loss}) => loss));
  expect({isByTolerance, exactBits}).toEqual({isByTolerance: true, exactBits: null});
  expect(recommended!.loss - best).toBeLessThanOrEqual(0.01);
  expect(recommended!.loss - best + advice.oneBitLess!).toBeGreaterThan(0.01);
  const strict = recommend(integers, {parameters: 1e9, tokens: 1e12}, {tolerance: 0});
  expect(strict.recommended!.bits).toBe(16);
});

it("recommend() judges bits that are given, and what one bit less or more would change", () => {
  const {recommended, isGiven, oneBitLess, oneBitMore, curve} = advise(floats, {compute: 1e24, bits: 8});
  const lossAt = (bits: number) => curve.find((choice) => choice.bits === bits)!.loss;
  expect({bits: recommended!.bits, isGiven}).toEqual({bits: 8, isGiven: true});
  expect(oneBitLess).toBeCloseTo(lossAt(7) - lossAt(8), 12);
  expect(oneBitLess!).toBeLessThan(0); // 5 bits are best
  expect(oneBitMore).toBeCloseTo(lossAt(9) - lossAt(8), 12);
  expect(advise(integers, {compute: 1e24, bits: 3}).recommended).toBeNull(); // activations have no value there
});

it("recommend() takes a given layout at its bits only", () => {
  const layout = {exponentBits: 1, mantissaBits: 3};
  const {recommended, curve} = advise(floats, {compute: 1e24, layout});
  expect(recommended!.layout).toEqual(layout);
  expect(curve.find(({bits}) => bits === 4)!.layout).toEqual({exponentBits: 2, mantissaBits: 1});
});

it("recommend() knows that memory binds the bits after training, and compute those in training", () => {
  expect(advise(afterTraining, {tokens: 1e13, memory: 8e9}).exactBits).toBeCloseTo(6.94, 1);
  expect(advise(afterTraining, {compute: 1e24}).isByTolerance).toBe(true);
  expect(advise(chinchilla, {compute: 1e24})).toMatchObject({
    kind: "reference",
    within: null,
    oneBitLess: null,
  });
});

it("recommend() names what lies outside the range of the fit, 16 bits apart", () => {
  expect(advise(integers, {parameters: 1e8, tokens: 1e10, bits: 5}).outside).toEqual([]);
  expect(advise(integers, {parameters: 1e8, tokens: 1e10, bits: 16}).outside).toEqual([]);
  expect(advise(integers, {parameters: 1e8, tokens: 1e10, bits: 14}).outside).toEqual([
    "weightBits",
    "activationBits",
    "cacheBits",
  ]);
  expect(outsideTexts(advise(integers, {parameters: 8e9, tokens: 1e10, bits: 8}))).toEqual([
    "N 8B (fitted up to 220M)",
  ]);
  expect(beyondText(advise(integers, {parameters: 1e6, tokens: 1e12, bits: 2 + 12}))).toBe(
    "N ÷30, D ×38, P_w = 14, P_a = 14, P_kv = 14",
  );
});

it.each([
  [{}, "say how many tokens"],
  [{parameters: 1e9}, "say how many tokens"],
  [{memory: 1e9}, "say how many tokens"],
  [{tokens: 1e9}, "say how many parameters"],
  [{tokens: -1, parameters: 1}, "tokens is -1, and has to be a number above 0"],
  [{compute: Number.NaN}, "compute is NaN"],
  [{compute: 1e20, blockSize: 0}, "block size is 0"],
])("recommend() refuses the question %j", (question, message) => {
  expect(() => advise(integers, question)).toThrow(message);
});

it("recommend() has no recommendation where nothing is possible", () => {
  expect(advise(integers, {parameters: 1e12, tokens: 1e12, compute: 1e18}).recommended).toBeNull();
  expect(advise(integers, {parameters: 1e12, tokens: 1e12, memory: 1e6}).curve).toEqual([]);
  expect(advise(integers, {compute: 1e18, parameters: 1e9, inferenceTokens: 1e15}).recommended).toBeNull();
});

it("recommend() gives intervals from bootstrap replicates, and says where there are none", () => {
  const center = constantsOf(chinchilla.law, chinchilla.constants);
  const replicates = Array.from({length: 41}, (_, i) => [...center.with(2, 1.8 + (i - 20) / 1000)]);
  const own: PlanLaw = {...chinchilla, origin: "own", replicates, confidence: 0.9};
  const advice = advise(own, {parameters: 1e9, tokens: 1e11});
  const loss = advice.recommended!.loss - chinchilla.constants.E + 1.8;
  expect(advice.interval!.loss[0]).toBeCloseTo(loss - 0.018, 6);
  expect(advice.interval!.loss[1]).toBeCloseTo(loss + 0.018, 6);
  expect(certaintyText(advice)).toMatch(/^90 %: loss \d\.\d{3} to \d\.\d{3}$/);
  expect(certaintyText(advise(chinchilla, {compute: 1e24}))).toBe("standard errors only");
  expect(certaintyText(advise(integers, {compute: 1e24}))).toBe("not published");
});

it("agreementOf() compares laws of training, each by its own loss", () => {
  const advices = planLaws.map((planLaw) => advise(planLaw, {compute: 1e24}));
  const {bits, compromise, worst} = agreementOf(advices)!;
  expect(bits).toEqual([4, 7]);
  const lossMore = (advice: Advice, bits: number) =>
    advice.curve.find((choice) => choice.bits === bits)!.loss - advice.recommended!.loss;
  const training = advices.slice(0, 3);
  expect(worst!.loss).toBe(
    Math.max(...[4, 5, 7].flatMap((bits) => training.map((advice) => lossMore(advice, bits)))),
  );
  expect(compromise!.loss).toBe(Math.max(...training.map((advice) => lossMore(advice, compromise!.bits))));
  expect(agreementSentence(advices)).toBe(
    "The 3 laws of training recommend 4 to 7 bits. With another's bits a law loses at most 0.007 nats " +
      "(Sun 2025, floating point in 4 bits); with 5 bits none loses more than 0.001.",
  );
  expect(agreementSentence([advices[0], advices[0]])).toBe("Both laws of training recommend 7 bits.");
  expect(agreementSentence(advices.slice(3))).toBe("");
});

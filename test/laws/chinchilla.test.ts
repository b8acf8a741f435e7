import {expect, it} from "vitest";
import {chinchillaOptimal, computeOptimal} from "../../src/laws/compute-optimal.js";
import {lawOf} from "../../src/laws/index.js";
import {type ConstantValues, constantsOf, lossAt} from "../../src/laws/law.js";

const law = lawOf("chinchilla");
const [replication, hoffmann] = law.published;

const unrounded = {
  A: Math.exp(6.0073404),
  B: Math.exp(6.0179186),
  E: Math.exp(0.5267228),
  alpha: 0.33917084,
  beta: 0.2849083,
};

const tokensPerParameter = (values: ConstantValues, compute: number) => {
  const {parameters, tokens} = chinchillaOptimal(values, {compute});
  return tokens / parameters;
};

it.each([
  ["the replication", replication.values, "18.4", "0.513"],
  ["Hoffmann et al., unrounded", unrounded, "58.9", "0.457"],
] as const)(
  "%s: tokens per parameter at the compute of Chinchilla, and exponents",
  (_, values, ratio, exponent) => {
    const constants = constantsOf(law, values);
    const derived = Object.fromEntries(law.derived.map(({name, of}) => [name, of(constants)]));
    expect(derived.tokensPerParameter.toFixed(1)).toBe(ratio);
    expect(derived.parametersExponent.toFixed(3)).toBe(exponent);
    expect(derived.tokensExponent + derived.parametersExponent).toBeCloseTo(1, 12);
    expect(tokensPerParameter(values, 5.76e23)).toBeCloseTo(derived.tokensPerParameter, 9);
  },
);

it("the tokens per parameter that the replication's notebook prints are not those at the compute of Chinchilla", () => {
  // It looks 25.7 up by ratio instead of by compute, and so finds the one at the least compute of its list, 1e18.
  expect(tokensPerParameter(replication.values, 1e18).toFixed(1)).toBe("25.7");
  // 72.9 is the growth of N that Hoffmann et al. print, C^0.4545, with the unrounded constants' coefficient, whose own
  // exponent is 0.457; at the compute of its list nearest to Chinchilla's.
  const {A, B, alpha, beta} = unrounded;
  const coefficient = ((alpha * A) / (beta * B)) ** (1 / (alpha + beta));
  expect((coefficient ** -2 * (10 ** 23.75 / 6) ** (1 - 2 * 0.4545)).toFixed(1)).toBe("72.9");
});

it("the best N and D at fixed compute: closed form and numeric search agree, and the exponents say how they grow", () => {
  for (const {values} of law.published) {
    const constants = constantsOf(law, values);
    const [small, large] = [1e18, 1e24].map((compute) => {
      const closed = chinchillaOptimal(values, {compute});
      const numeric = computeOptimal(law, constants, {compute, bits: 16});
      expect(numeric.parameters / closed.parameters).toBeCloseTo(1, 5);
      expect((6 * closed.parameters * closed.tokens) / compute).toBeCloseTo(1, 12);
      return {...closed, loss: numeric.loss};
    });
    const growth = (from: number, to: number) => Math.log(to / from) / Math.log(1e6);
    const [ofParameters, ofTokens, ofLoss] = law.derived.map(({of}) => of(constants));
    expect(growth(small.parameters, large.parameters)).toBeCloseTo(ofParameters, 9);
    expect(growth(small.tokens, large.tokens)).toBeCloseTo(ofTokens, 9);
    expect(growth(large.loss - values.E, small.loss - values.E)).toBeCloseTo(ofLoss, 9);
  }
});

it("Hoffmann's rounded constants are the unrounded ones", () => {
  const {A, B, E} = hoffmann.values;
  expect([A, B].map((value) => Math.log(value).toFixed(3))).toEqual(["6.007", "6.018"]);
  expect(Math.exp(0.5267228).toFixed(2)).toBe(String(E));
});

it("Kaplan's law of N and D nears those of N alone and of D alone where the other is plenty", () => {
  const both = lawOf("kaplan");
  const {values} = both.published[0];
  const ofParameters = lossAt(
    lawOf("kaplan-parameters"),
    {N_c: values.N_c, alpha_N: values.alpha_N},
    {parameters: 1e8},
  );
  const ofTokens = lossAt(lawOf("kaplan-tokens"), {D_c: values.D_c, alpha_D: values.alpha_D}, {tokens: 1e8});
  expect(lossAt(both, values, {parameters: 1e8, tokens: 1e30})).toBeCloseTo(ofParameters, 10);
  expect(lossAt(both, values, {parameters: 1e40, tokens: 1e8})).toBeCloseTo(ofTokens, 10);
});

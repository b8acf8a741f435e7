import fc from "fast-check";
import {describe, expect, it} from "vitest";
import {allLaws, lawOf} from "../../src/laws/index.js";
import {constantsOf, inputsOf, lossAt, outsideDomain} from "../../src/laws/law.js";
import {type VariableName, variables} from "../../src/laws/variables.js";
import {constantsNear, plausible, pointOf} from "./points.js";

describe.each(allLaws.map((law) => [law.name, law] as const))("%s", (_, law) => {
  it("has the exact gradient, by central differences", () => {
    fc.assert(
      fc.property(constantsNear(law), pointOf(law), (constants, point) => {
        const inputs = inputsOf(law, point);
        const gradient = new Float64Array(constants.length).fill(Number.NaN);
        const loss = law.evaluate(constants, inputs, gradient);
        expect(loss).toBe(law.evaluate(constants, inputs));
        law.constants.forEach(({name}, i) => {
          const step = 1e-5 * Math.abs(constants[i]) || 1e-5;
          const [above, below] = [step, -step].map((change) => {
            const moved = constants.slice();
            moved[i] += change;
            return law.evaluate(moved, inputs);
          });
          const difference = (above - below) / (2 * step);
          // Round-off of the difference, and the cube of the step.
          const tolerance = (1e-11 * Math.abs(loss)) / step + 1e-6 * Math.abs(gradient[i]) + 1e-300;
          expect(Math.abs(difference - gradient[i]), name).toBeLessThanOrEqual(tolerance);
        });
      }),
      {numRuns: 60},
    );
  });

  it("has a value inside its domain", () => {
    for (const published of law.published) {
      if (published.unpublished) continue;
      const point = Object.fromEntries(
        Object.entries(published.domain).map(([name, [from, to]]) => [name, Math.sqrt(from * to) || to / 2]),
      );
      expect(outsideDomain(published, point)).toEqual([]);
      const loss = lossAt(law, published.values, point);
      expect(loss).toBeGreaterThan(1);
      expect(loss).toBeLessThan(8);
    }
  });

  it("falls, or stays, with more parameters and more bits", () => {
    // More text, and larger blocks, may hurt; so may more bits in training for a model that is rounded afterwards.
    const mayHurt: VariableName[] = ["tokens", "blockSize"];
    if (law.name === "unified") mayHurt.push("weightBits", "activationBits", "cacheBits");
    // The exponent of log2 B ∝ N^ω is not published.
    if (law.name === "floating-point-tensor") mayHurt.push("parameters");
    const rising = law.variables.filter((name) => !mayHurt.includes(name));
    if (rising.length === 0) return;
    fc.assert(
      fc.property(pointOf(law), fc.constantFrom(...rising), (point, name) => {
        const more = {...point, [name]: point[name]! * 1.1 + 0.1};
        const constants = plausible(law);
        const [before, after] = [point, more].map((at) => law.evaluate(constants, inputsOf(law, at)));
        expect(after).toBeLessThanOrEqual(before * (1 + 1e-15));
      }),
      {numRuns: 100},
    );
  });

  it("has published constants within the declared bounds, all of them or named as unpublished", () => {
    for (const {values, unpublished = [], standardErrors = {}, intervals = {}} of law.published) {
      expect([...Object.keys(values), ...unpublished].sort()).toEqual(
        law.constants.map(({name}) => name).sort(),
      );
      for (const {name, lower, upper} of law.constants) {
        if (unpublished.includes(name)) continue;
        expect(values[name], name).toBeGreaterThan(lower);
        expect(values[name], name).toBeLessThan(upper);
      }
      for (const name of Object.keys(standardErrors)) expect(values).toHaveProperty(name);
      for (const [name, [from, to]] of Object.entries(intervals)) {
        expect(values[name] > from && values[name] < to, name).toBe(true);
      }
    }
  });

  it("declares constants with different names, starts within their bounds, and logarithms only above zero", () => {
    expect(new Set(law.constants.map(({name}) => name)).size).toBe(law.constants.length);
    for (const {lower, upper, starts, held, positive, name} of law.constants) {
      expect(lower, name).toBeLessThan(upper);
      expect(starts.length, name).toBeGreaterThan(0);
      if (held !== undefined) expect(held >= lower && held <= upper, name).toBe(true);
      for (const start of starts) expect(start >= lower && start <= upper, name).toBe(true);
      if (positive) expect(lower, name).toBeGreaterThan(0);
    }
    for (const name of law.tied?.flat() ?? []) {
      expect(law.constants.map((constant) => constant.name)).toContain(name);
    }
  });

  it("is the plain law of N and D where nothing is rounded, with a gradient that ends there", () => {
    if (!law.variables.some((name) => variables[name].without !== undefined)) return;
    fc.assert(
      fc.property(constantsNear(law), pointOf(law), (constants, {parameters, tokens}) => {
        const gradient = new Float64Array(constants.length).fill(Number.NaN);
        const loss = law.evaluate(constants, inputsOf(law, {parameters, tokens}), gradient);
        const [A, B, E, alpha, beta] = constants;
        const plain = A * parameters! ** -alpha + B * tokens! ** -beta + E;
        expect(Math.abs(loss - plain)).toBeLessThanOrEqual(1e-12 * plain);
        const plainGradient = new Float64Array(5);
        lawOf("chinchilla").evaluate(constants, [parameters!, tokens!], plainGradient);
        gradient.forEach((value, i) => {
          const expected = plainGradient[i] ?? 0;
          expect(Math.abs(value - expected)).toBeLessThanOrEqual(1e-12 * Math.abs(expected));
        });
      }),
    );
  });

  it("depends on every constant", () => {
    const constants = plausible(law);
    const [point] = fc.sample(pointOf(law), {numRuns: 1, seed: 1});
    const inputs = inputsOf(law, point);
    law.constants.forEach(({name}, i) => {
      const moved = constants.with(i, constants[i] === 0 ? 1 : constants[i] * 1.1);
      expect(law.evaluate(moved, inputs), name).not.toBe(law.evaluate(constants, inputs));
    });
  });

  it("is linear in all the constants declared so, together", () => {
    fc.assert(
      fc.property(constantsNear(law), constantsNear(law), pointOf(law), (constants, others, point) => {
        const inputs = inputsOf(law, point);
        const along = (t: number) =>
          constants.map((value, i) => (law.constants[i].linear ? value + t * (others[i] - value) : value));
        const [start, middle, end] = [0, 0.5, 1].map((t) => law.evaluate(along(t), inputs));
        expect(Math.abs(start + end - 2 * middle)).toBeLessThanOrEqual(1e-13 * (start + end));
      }),
    );
  });

  it("is the sum of its terms", () => {
    if (!law.terms) return;
    fc.assert(
      fc.property(constantsNear(law), pointOf(law), (constants, point) => {
        const sum = law.terms!(constants)
          .map(({coefficient, factors, pairs = []}) => {
            const ofOne = law.variables.map((name) => factors[name]?.(point[name]!) ?? 1);
            const ofTwo = pairs.map(({of: [first, second], at}) => at(point[first]!, point[second]!));
            return [...ofOne, ...ofTwo].reduce((product, factor) => product * factor, coefficient);
          })
          .reduce((a, b) => a + b);
        const loss = law.evaluate(constants, inputsOf(law, point));
        expect(Math.abs(sum - loss)).toBeLessThanOrEqual(1e-12 * loss);
      }),
    );
  });

  it("has derived quantities with a value and different names", () => {
    expect(new Set(law.derived.map(({name}) => name)).size).toBe(law.derived.length);
    for (const {of, name} of law.derived) expect(of(plausible(law)), name).toBeGreaterThan(0);
  });
});

it("lawOf(name) names the nearest law", () => {
  expect(() => lawOf("chinchila")).toThrow(/no law "chinchila"; did you mean chinchilla\?/);
});

it("constants that are missing or unknown are named", () => {
  const law = lawOf("chinchilla");
  const {values} = law.published[0];
  expect(() => constantsOf(law, {...values, alfa: 1})).toThrow(/no constant "alfa"; did you mean alpha\?/);
  expect(() => constantsOf(law, {A: 1})).toThrow("chinchilla needs the constant B");
  expect(() => lossAt(law, values, {tokens: 1e9})).toThrow("chinchilla needs parameters");
});

it("a point without bits is not rounded", () => {
  const law = lawOf("precision");
  const {values} = law.published[0];
  const plain = {parameters: 1e8, tokens: 1e10};
  const {A, B, E, alpha, beta} = values;
  expect(lossAt(law, values, plain)).toBeCloseTo(A * 1e8 ** -alpha + B * 1e10 ** -beta + E, 12);
  expect(outsideDomain(law.published[0], plain)).toEqual([]);
  expect(outsideDomain(law.published[0], {...plain, tokens: 1e12, weightBits: 2})).toEqual([
    "tokens",
    "weightBits",
  ]);
});

import {expect, it} from "vitest";
import {compareForms, hasManySizes} from "../../src/laws/compare-forms.js";
import {allLaws, lawOf} from "../../src/laws/index.js";
import {suitableLaws, suits} from "../../src/laws/suitable-laws.js";

/** Runs that follow Chinchilla's form, with a deterministic scatter of half a percent. */
function table(rows: number, sizes: number) {
  const parameters = Float64Array.from({length: rows}, (_, i) => 1e7 * 2 ** (i % sizes));
  const tokens = Float64Array.from({length: rows}, (_, i) => 1e9 * 3 ** (Math.floor(i / 2) % sizes));
  const loss = Float64Array.from(
    parameters,
    (n, i) => (1.8 + 480 / n ** 0.35 + 2000 / tokens[i] ** 0.37) * (1 + 0.005 * Math.sin(7 * i)),
  );
  return {rows, columns: {parameters, tokens, loss}};
}

it("compareForms(laws, table) puts the form that made the runs first, with others that cannot be told from it marked", () => {
  const runs = table(60, 6);
  const forms = compareForms(suitableLaws(allLaws, runs), runs);
  expect(forms[0].law).toBe("chinchilla");
  expect(forms[0].isAmongBest).toBe(true);
  expect(forms[0].heldOut).toBeLessThan(0.006);
  expect(forms.find(({law}) => law === "kaplan-tokens")!.isAmongBest).toBe(false);
});

it("compareForms(laws, table) names a form that cannot be fitted, with the reason, and compares the others", () => {
  const runs = table(40, 4);
  const nowhere = {...lawOf("kaplan"), name: "nowhere", evaluate: () => Number.NaN};
  const forms = compareForms([lawOf("chinchilla"), nowhere], runs);
  expect(forms.map(({law}) => law)).toEqual(["chinchilla", "nowhere"]);
  expect(forms[1].heldOut).toBeNull();
  expect(forms[1].problem).toContain("no value");
});

it("hasManySizes(table) counts pairs of N and D", () => {
  expect(hasManySizes(table(60, 6))).toBe(true);
  expect(hasManySizes(table(60, 2))).toBe(false);
});

it("suits(law, table): every variable of the law has a value that is not “not rounded”", () => {
  const runs = table(10, 3);
  expect(suits(lawOf("chinchilla"), runs)).toBe(true);
  const weightBits = new Float64Array(10).fill(Number.POSITIVE_INFINITY);
  expect(suits(lawOf("precision-weights"), {...runs, columns: {...runs.columns, weightBits}})).toBe(false);
  weightBits[3] = 4;
  expect(suits(lawOf("precision-weights"), {...runs, columns: {...runs.columns, weightBits}})).toBe(true);
});

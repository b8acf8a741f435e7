import {describe, expect, it} from "vitest";
import {afterTrainingChart} from "../../../docs/components/after-training-chart.js";
import {afterTrainingClaim} from "../../../docs/components/after-training-claim.js";
import {afterTrainingFigure} from "../../../docs/components/after-training-figure.js";
import {type AfterTrainingRow, afterTrainingPoints} from "../../../docs/components/after-training-row.js";
import {lightPalette} from "../../../docs/components/palette.js";
import {afterTrainingRows} from "../../../loaders/after-training-rows.js";
import {sampleRecord, sampleSettings} from "../../sweeps/sample.js";
import {page} from "./page.js";

/** Two sizes of model with two amounts of text each, of which the loss falls by 0.1 where the text grows. */
const rows = (lost: (row: Pick<AfterTrainingRow, "tokens" | "method"> & {bits: number}) => number) =>
  [1000, 4000].flatMap((parameters) =>
    [100_000, 400_000].flatMap((tokens) =>
      (["nearest", "gptq"] as const).flatMap((method) =>
        [3, 8].flatMap((bits) =>
          [1, 2].map((seed): AfterTrainingRow => {
            const before = 2 - (tokens > 200_000 ? 0.1 : 0) + seed / 100;
            const after = before + lost({tokens, method, bits});
            return {
              parameters,
              tokens,
              trained: "fp32",
              seed,
              method,
              cast: `int${bits} row`,
              bits,
              before,
              after,
            };
          }),
        ),
      ),
    ),
  );
const growing = rows(({tokens, method, bits}) =>
  bits === 8 ? -1e-5 : tokens / (method === "gptq" ? 4e6 : 1e6),
);
const equal = rows(() => 0.05);

describe("afterTrainingRows(records)", () => {
  it("gives a row for each cast of a run, with what the weights were rounded to in training", () => {
    const postTraining = [
      {cast: "int4 row", method: "nearest", heldOutLoss: 1.5},
      {cast: "mxfp4", method: "gptq", heldOutLoss: 1.25},
    ] as const;
    const records = [
      {...sampleRecord(), postTraining},
      {...sampleRecord(sampleSettings({forwardWeight: "int3 row", seed: 7})), postTraining},
    ];
    const made = afterTrainingRows(records);
    expect(made).toHaveLength(4);
    expect(made[0]).toEqual({
      ...{
        parameters: 1234,
        tokens: 5678,
        seed: 1,
        trained: "fp32",
        method: "nearest",
        cast: "int4 row",
        bits: 4,
      },
      ...{before: 1.25, after: 1.5},
    });
    expect(made[3]).toMatchObject({seed: 7, trained: "int3 row", method: "gptq", cast: "mxfp4", bits: null});
  });
});

describe("afterTrainingPoints(rows)", () => {
  it("means over seeds, in the order of tokens per parameter, and leaves out what is no number", () => {
    const points = afterTrainingPoints([...growing, {...growing[0], after: Number.NaN}]);
    expect(points).toHaveLength(growing.length / 2);
    const ratios = points.map(({tokensPerParameter}) => tokensPerParameter);
    expect(ratios).toEqual([...ratios].sort((a, b) => a - b));
    expect(points[0]).toMatchObject({seeds: 2, tokensPerParameter: 25});
    expect(points[0].before).toBeCloseTo(2.015);
    expect(points[0].lost).toBeCloseTo(0.1);
  });
});

describe("afterTrainingClaim(points)", () => {
  it("says what the data say, for and against", () => {
    expect(afterTrainingClaim(afterTrainingPoints(growing))).toBe(
      "In 2 of 2 steps to more text for the same model, rounding its weights to 3 bits costs more; " +
        "in 2 the rounded model even ends worse than with less text. By GPTQ, 3 bits cost 25% of that, in the median.",
    );
    expect(afterTrainingClaim(afterTrainingPoints(equal))).toMatch(
      /^In 0 of 2 .* in none of them does the rounded model end worse than with less text\. By GPTQ, 3 bits cost 100% of that/,
    );
    // What is only a matter of the last digits is no cost.
    const nothing = rows(({tokens, method}) => (tokens * (method === "gptq" ? 1 : 2)) / 1e14);
    expect(afterTrainingClaim(afterTrainingPoints(nothing))).toMatch(/^In 0 of 2 .* than with less text\.$/);
    expect(afterTrainingClaim([])).toBe("No model was trained on more than one amount of text.");
  });
});

describe("afterTrainingChart(points)", () => {
  it.each([960, 360])("draws a panel for each method, %i pixels wide", (width) => {
    const {document} = page();
    const options = {label: "a sentence", width, palette: lightPalette, document};
    const chart = afterTrainingChart(afterTrainingPoints(growing), options);
    expect(chart.getAttribute("aria-label")).toBe("a sentence");
    expect(chart.outerHTML).not.toMatch(/NaN|Infinity|undefined/);
    expect(chart.textContent).toMatch(/Rounded to nearest.*Quantized by GPTQ/);
    const dots = [...chart.querySelectorAll("circle")];
    expect(dots).toHaveLength(growing.length / 2);
    // A gain is drawn open.
    const open = dots.filter((dot) => dot.getAttribute("fill") === lightPalette.background);
    expect(open).toHaveLength(growing.length / 4);
  });
});

describe("afterTrainingFigure(rows)", () => {
  it("shows the runs whose weights were trained as chosen, and says so in the address", () => {
    const {document, window} = page({url: "https://example.org/sweeps"});
    const trained = growing.map((row) => ({...row, trained: "int4 row", after: row.before + 0.01}));
    const figure = afterTrainingFigure([...growing, ...trained], {document});
    const sentence = () => figure.querySelector(".figure-sentence")!.textContent;
    expect(sentence()).toMatch(/^In 2 of 2/);
    const radio = [...figure.querySelectorAll("input")].find(({value}) => value === "int4 row")!;
    radio.checked = true;
    radio.dispatchEvent(new window.Event("change", {bubbles: true}));
    expect(sentence()).toMatch(/^In \d of 2 .* in none of them/);
    expect(window.location.search).toBe("?weights=int4+row");
  });

  it("says that there is nothing yet where nothing is published", () => {
    const {document} = page();
    const figure = afterTrainingFigure([], {document});
    expect(figure.querySelector("svg")!.getAttribute("aria-label")).toContain("not been published yet");
    expect(figure.querySelector(".figure-sentence")!.textContent).toBe("");
  });
});

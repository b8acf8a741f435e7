import {describe, expect, it} from "vitest";
import {
  type CastRow,
  castChart,
  castClaim,
  type UnderflowRow,
  underflowChart,
  underflowClaim,
} from "../../../docs/components/activation-figures.js";
import {type BranchRow, branchChart, branchClaim} from "../../../docs/components/branch-figure.js";
import {type DepthRow, depthChart, depthClaim} from "../../../docs/components/depth-figure.js";
import {munitChoices} from "../../../docs/components/munit-choices.js";
import {pageState} from "../../../docs/components/page-state.js";
import {lightPalette} from "../../../docs/components/palette.js";
import {type PositionRow, positionChart, positionClaim} from "../../../docs/components/position-figure.js";
import {transferChart} from "../../../docs/components/transfer-chart.js";
import {
  bestSentence,
  castClaim as costClaim,
  transferTakeaway,
  tunedSmallClaim,
} from "../../../docs/components/transfer-claims.js";
import {transferFigure} from "../../../docs/components/transfer-figure.js";
import {bestPoints, type TransferRow, transferPoints} from "../../../docs/components/transfer-row.js";
import {expectDrawing} from "./expect-drawing.js";
import {page} from "./page.js";

/** Parabolas whose lowest points stay under µnit scaling, and fall by half for each doubling under the standard scheme. */
const transferRows: TransferRow[] = ["standard", "munit"].flatMap((scheme) =>
  ["fp32", "fp8"].flatMap((recipe) =>
    [32, 64, 128, 256].flatMap((width) =>
      [1, 2].flatMap((seed) =>
        Array.from({length: 6}, (_, i): TransferRow => {
          const doublings = Math.log2(width / 32);
          const [first, best] = scheme === "munit" ? [-7, -4] : [-10, -6 - doublings];
          const cost = recipe === "fp8" && scheme === "standard" ? 0.2 + doublings / 10 : 0;
          const loss = 1.6 - doublings / 10 + 0.1 * (first + i - best) ** 2 + cost + (seed - 1.5) / 50;
          const held_out_loss = scheme === "standard" && width === 256 && i === 5 ? null : loss;
          return {scheme, recipe, width, learning_rate: 2 ** (first + i), seed, held_out_loss, floor: 0.65};
        }),
      ),
    ),
  ),
);

const draw = () => ({palette: lightPalette, document: page().document});

describe("transfer of the learning rate", () => {
  it("finds the best rate of every width among the means of the seeds, leaving out what diverged", () => {
    const points = transferPoints(transferRows);
    expect(points).toHaveLength(96);
    expect(points.filter(({loss}) => loss === null)).toHaveLength(2);
    const best = (scheme: string) =>
      bestPoints(points, {scheme, recipe: "fp32"}).map(({learning_rate}) => Math.log2(learning_rate));
    expect(best("standard")).toEqual([-6, -7, -8, -9]);
    expect(best("munit")).toEqual([-4, -4, -4, -4]);
  });

  it("says how far the best rate moves, and only what the runs show", () => {
    expect(transferTakeaway(transferRows)).toBe(
      "Eight times as wide, a standard model learns best at a learning rate 8 times smaller; " +
        "under µnit scaling, a model learns best at the same learning rate.",
    );
    const moving = transferRows.map((row) =>
      row.scheme === "munit" ? {...row, scheme: "standard"} : {...row, scheme: "munit"},
    );
    expect(transferTakeaway(moving)).toContain("a standard model learns best at the same learning rate");
    expect(transferTakeaway([])).toBe("Loss against learning rate, for models of several widths.");
    expect(bestSentence(transferRows, "munit", "fp32")).toContain("width 256 at 2⁻⁴ with 1.30");
  });

  it("compares what a cast costs with what a seed does", () => {
    expect(costClaim(transferRows)).toBe(
      "At its best learning rate in plain FP8, a standard model ends 0.20 to 0.50 nats above its loss in float32, " +
        "depending on its width; under µnit scaling the two differ by at most 0.00. " +
        "Two seeds of one setting differ by up to 0.02.",
    );
  });

  it("says what the narrowest model's rate costs the widest", () => {
    expect(tunedSmallClaim(transferRows)).toBe(
      "Tuned at width 32 and used at width 256, a learning rate costs 0.90 nats of what could be had under the standard " +
        "parametrization, and 0.00 nats under µnit scaling.",
    );
  });

  it("is drawn with one panel for each scheme, side by side or one below the other", async () => {
    await expectDrawing(transferChart(transferRows, {recipe: "fp32", ...draw()}), "transfer-wide-light");
    await expectDrawing(
      transferChart(transferRows, {recipe: "fp8", width: 340, ...draw()}),
      "transfer-narrow-light",
    );
  });

  it("keeps the recipe in the address", () => {
    const {window, document} = page({url: "https://example.org/munit-scaling"});
    const state = pageState(munitChoices, window);
    const figure = transferFigure(transferRows, {state, document});
    document.body.append(figure);
    const radio = figure.querySelector<HTMLInputElement>("[value=fp8]")!;
    radio.checked = true;
    radio.dispatchEvent(new window.Event("change", {bubbles: true}));
    expect(window.location.search).toBe("?recipe=fp8");
    expect(figure.querySelector("svg")!.getAttribute("aria-label")).toContain("FP8");
  });
});

const positions = [1, 4, 16, 64, 256];
const positionRows: PositionRow[] = (["theory", "independent", "text"] as const).flatMap((values) =>
  (["plain", "square-root"] as const).flatMap((softmax) =>
    positions.map((position) => {
      const falling = values === "text" ? position ** -0.25 : position ** -0.45;
      const rising = values === "text" ? position ** 0.2 : 1;
      return {values, softmax, position, spread: softmax === "plain" ? falling : rising};
    }),
  ),
);

const branchRows: BranchRow[] = (["pre", "res-post"] as const).flatMap((placement) =>
  (["attention", "feed-forward"] as const).flatMap((branch) =>
    Array.from({length: 8}, (_, i) => {
      const spread = branch === "attention" ? 0.4 + 0.05 * i : 0.65;
      return {placement, branch, block: i + 1, spread};
    }),
  ),
);

const depthRows: DepthRow[] = [1, 4, 16].flatMap((depth) => [
  ...[0.05, 0.1].map((tau) => {
    const theory = (1 - tau) ** (2 * depth);
    return {rule: "fixed", tau, depth, theory, measured: theory * 0.95} as const;
  }),
  {rule: "running-mean", tau: null, depth, theory: 1 / (2 * depth + 1), measured: 1 / (2 * depth + 1)},
]);

const castRows: CastRow[] = ["gelu", "silu", "relu"].flatMap((activation, i) =>
  ["e4m3fn", "e5m2"].flatMap((format) =>
    [0, 2, 4].map((log2_spread) => ({
      activation,
      format,
      log2_spread,
      underflow: (2 - i) * 0.05 * (1 + log2_spread),
    })),
  ),
);

const underflowRows: UnderflowRow[] = ["gelu", "silu", "relu"].flatMap((activation, i) =>
  [1, 2].flatMap((seed) =>
    [0, 100, 200].flatMap((step) =>
      [1, 2].map((block) => {
        const lost = (2 - i) * 0.0005 * step + block * 0.001;
        return {
          ...{activation, seed, step, block, underflow_e4m3fn: lost, underflow_e5m2: lost / 2},
          held_out_loss: 1.5 + i / 10,
        };
      }),
    ),
  ),
);

describe("the other figures on µnit scaling", () => {
  it("are drawn with named curves", async () => {
    await expectDrawing(positionChart(positionRows, draw()), "munit-position-light");
    await expectDrawing(branchChart(branchRows, draw()), "munit-branches-light");
    await expectDrawing(depthChart(depthRows, draw()), "munit-depth-light");
    await expectDrawing(castChart(castRows, {format: "e4m3fn", ...draw()}), "munit-cast-light");
    await expectDrawing(
      underflowChart(underflowRows, {format: "e4m3fn", ...draw()}),
      "munit-underflow-light",
    );
  });

  it("are described by numbers of their data", () => {
    expect(positionClaim(positionRows)).toContain(
      "At position 256, attention over independent values has a spread of 0.08, where theory says 0.08. In text it has 0.25.",
    );
    expect(branchClaim(branchRows)).toBe(
      "The first four blocks bring 0.48 from attention and 0.65 from feed-forward, the last four 0.68 from attention and 0.65 from feed-forward.",
    );
    expect(depthClaim(depthRows)).toBe(
      "With τ = 0.1, a model of 4 blocks keeps 41% of its embedding, one of 16 keeps 3.3%.",
    );
    expect(castClaim(castRows, "e4m3fn")).toContain("inputs of spread 1 lose GELU 10%, SiLU 5.0%, ReLU 0%");
    expect(underflowClaim(underflowRows, "e5m2")).toContain("GELU loses 10%, with a loss of 1.50 nats");
  });
});

import {describe, expect, it} from "vitest";
import {activationCastTable} from "../../loaders/activation-cast-table.js";
import {attentionPositionTable} from "../../loaders/attention-position-table.js";
import {attentionVariances} from "../../loaders/attention-variance.js";
import {residualDepthTable} from "../../loaders/residual-depth-table.js";

describe("attentionVariances(positions)", () => {
  it("is the expectation of the squared probabilities, 1 for one position and near e/k for many", () => {
    const positions = [1, 4, 16, 64, 256, 1024];
    const expected = [1, 0.3919, 0.1325, 0.0388, 0.01034, 0.00263]; // from 10⁶ draws of k normal logits each
    attentionVariances(positions).forEach((variance, i) => {
      expect(Math.abs(variance / expected[i] - 1)).toBeLessThan(0.003);
    });
  });
});

describe("attentionPositionTable()", () => {
  it("has spreads of independent values where theory has them", async () => {
    const rows = (await attentionPositionTable()).objects() as {
      values: string;
      softmax: string;
      position: number;
      spread: number;
    }[];
    const theory = rows.filter(({values}) => values === "theory");
    for (const {softmax, position, spread} of theory) {
      const same = (row: (typeof rows)[number]) => row.softmax === softmax && row.position === position;
      const measured = rows.find((row) => row.values === "independent" && same(row))!;
      expect(Math.abs(measured.spread / spread - 1), `${softmax} ${position}`).toBeLessThan(0.08);
    }
    const inText = (softmax: string) =>
      rows.filter((row) => row.values === "text" && row.softmax === softmax);
    expect(inText("plain").at(-1)!.spread).toBeGreaterThan(
      2 * theory.find(({position}) => position === 256)!.spread,
    );
    expect(inText("square-root").at(-1)!.spread).toBeGreaterThan(2);
  });
});

describe("residualDepthTable()", () => {
  it("has shares of the embedding near what the weights leave, where they are not lost in chance", async () => {
    const rows = (await residualDepthTable()).objects() as {theory: number; measured: number}[];
    for (const {theory, measured} of rows) {
      expect(Math.abs(measured - theory)).toBeLessThan(0.06);
    }
  });
});

describe("activationCastTable()", () => {
  it("has the published order at unit spread: GELU loses most, ReLU least", async () => {
    const rows = (await activationCastTable()).objects() as {
      activation: string;
      format: string;
      log2_spread: number;
      underflow: number;
    }[];
    const at = (activation: string) =>
      rows.find((row) => row.activation === activation && row.format === "e4m3fn" && row.log2_spread === 0)!
        .underflow;
    // From 4·10⁶ normal numbers, as shares of what is not zero: 0.185%, 0.156% and 0.077%.
    for (const [activation, expected] of [
      ["gelu", 0.00185],
      ["silu", 0.00156],
      ["relu", 0.00077],
    ] as const) {
      expect(Math.abs(at(activation) / expected - 1), activation).toBeLessThan(0.25);
    }
  });
});

import {describe, expect, it} from "vitest";
import {lawRows, lawSweeps} from "../../loaders/law-rows.js";
import {publishedSweep} from "../../loaders/sweep-records.js";
import type {RunRecord} from "../../src/training/run-record.js";
import {sampleRecord, sampleSettings} from "../sweeps/sample.js";

const run = (
  settings: Parameters<typeof sampleSettings>[0],
  loss: number,
  more: Partial<RunRecord> = {},
) => ({
  ...sampleRecord(sampleSettings(settings)),
  ...{finalHeldOutLoss: loss, postTraining: [], ...more},
});

describe("lawRows(sweep, records)", () => {
  it("pairs each run with the one that differs in casts alone", () => {
    const rows = lawRows("made up", [
      run({seed: 1}, 2),
      run({seed: 2}, 2.5),
      run({seed: 1, forwardWeight: "int4 row"}, 2.1),
      run({seed: 2, forwardWeight: "int4 row"}, 2.7),
      run({seed: 3, forwardWeight: "int4 row"}, 2.4),
    ]);
    const shown = rows.map(({weightBits, seed, loss, referenceLoss}) => [
      weightBits,
      seed,
      loss,
      referenceLoss,
    ]);
    const none = Number.POSITIVE_INFINITY;
    expect(shown).toEqual([
      [none, 1, 2, 2],
      [none, 2, 2.5, 2.5],
      [4, 1, 2.1, 2],
      [4, 2, 2.7, 2.5],
      [4, 3, 2.4, null],
    ]);
  });

  it("leaves out rates that were only tried, and says of casts whether theirs is the best", () => {
    const rows = lawRows("made up", [
      run({learningRate: 0.01}, 2.2),
      run({learningRate: 0.02}, 2),
      run({learningRate: 0.04}, 2.1),
      run({learningRate: 0.02, forwardWeight: "int4 row"}, 2.3),
      run({learningRate: 0.04, forwardWeight: "int4 row"}, 2.25),
      // Another size has a best rate of its own.
      run({learningRate: 0.04, width: 128}, 1.9),
    ]);
    const shown = rows.map(({learningRate, isTuned, loss}) => [learningRate, isTuned, loss]);
    expect(shown).toEqual([
      [0.02, true, 2],
      [0.04, false, 2.1],
      [0.02, true, 2.3],
      [0.04, false, 2.25],
      [0.04, true, 1.9],
    ]);
  });

  it("has a row for each cast after training, compared with the run before", () => {
    const [before, after, ...rest] = lawRows("made up", [
      run({forwardWeight: "int6 row"}, 2, {
        postTraining: [
          {cast: "int3 row", method: "gptq", heldOutLoss: 2.4},
          {cast: "int2 row", method: "nearest", heldOutLoss: Number.POSITIVE_INFINITY},
        ],
      }),
    ]);
    expect(before).toMatchObject({
      method: "none",
      postTrainingBits: Number.POSITIVE_INFINITY,
      referenceLoss: null,
    });
    expect(after).toMatchObject({
      ...{method: "gptq", weightBits: 6, postTrainingBits: 3, loss: 2.4, referenceLoss: 2, operands: "P2"},
    });
    expect(rest).toEqual([]);
  });

  it("leaves out runs that diverged", () => {
    expect(lawRows("made up", [run({}, 2, {finalHeldOutLoss: null})])).toEqual([]);
  });

  it("takes the noise from the spread over seeds", () => {
    const rows = lawRows("made up", [
      run({seed: 1}, 2),
      run({seed: 2}, 2.2),
      run({seed: 1, forwardWeight: "int4 row"}, 2.5),
      run({seed: 2, forwardWeight: "int4 row"}, 2.8),
      run({seed: 1, forwardWeight: "int3 row"}, 3),
    ]);
    // Half the square of a difference is the variance of two; the median of both groups is their mean.
    const [plain, four] = [0.2 / Math.SQRT2, 0.3 / Math.SQRT2];
    expect(rows.map(({noise}) => noise)).toEqual([
      ...[(plain + four) / 2, (plain + four) / 2, four, four, (plain + four) / 2].map((value) =>
        expect.closeTo(value, 12),
      ),
    ]);
    expect(rows[2].riseNoise).toBeCloseTo(0.1 / Math.SQRT2, 12);
    expect(lawRows("made up", [run({}, 2)])[0]).toMatchObject({noise: null, riseNoise: null});
  });

  it.each(lawSweeps)(
    "knows what is rounded in every row of %s, and what to compare it with",
    async (sweep) => {
      const records = await publishedSweep(sweep);
      const rows = lawRows(sweep, records);
      expect(rows.length).toBeGreaterThan(20);
      for (const row of rows) {
        const isRounded = row.operands !== "" || row.method !== "none";
        if (!isRounded) expect(row.referenceLoss).toBe(row.loss);
        expect(row.postTrainingBits < 16).toBe(row.method !== "none");
        expect(row.exponentBits === Number.POSITIVE_INFINITY).toBe(!/P\d/.test(row.operands));
        expect(row.cacheBits < 16).toBe(row.operands.includes("KV"));
      }
      const sizes = new Set(records.map(({parameters, tokens}) => `${parameters} ${tokens}`));
      const tuned = rows.filter((row) => row.operands === "" && row.method === "none" && row.isTuned);
      expect(new Set(tuned.map(({parameters, tokens}) => `${parameters} ${tokens}`))).toEqual(sizes);
    },
  );
});

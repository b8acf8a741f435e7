import {describe, expect, it} from "vitest";
import {isPlain} from "../../loaders/cast-rises.js";
import {publishedRecords} from "../../src/sweeps/published.js";
import type {RunRecord} from "../../src/training/run-record.js";
import type {RunSettings} from "../../src/training/run-settings.js";

const sizeOf = ({width, steps}: RunSettings) => `width ${width}, ${steps} steps`;

async function bySize(name: string): Promise<Map<string, RunRecord[]>> {
  const sizes = new Map<string, RunRecord[]>();
  for await (const record of publishedRecords(name)) {
    const size = sizeOf(record.settings);
    sizes.set(size, [...(sizes.get(size) ?? []), record]);
  }
  return sizes;
}

/** Learning rates with their losses in fp32, the lowest rate first. */
const tuning = (records: readonly RunRecord[]) =>
  records
    .filter(({settings}) => isPlain(settings) && settings.seed === 1 && settings.postTraining === "")
    .map(({settings: {learningRate}, finalHeldOutLoss}) => ({
      learningRate,
      loss: finalHeldOutLoss ?? Infinity,
    }))
    .sort((a, b) => a.learningRate - b.learningRate);

describe.each([
  "allocation",
  "block-size",
  "exponent-mantissa",
  "overtraining",
  "post-training",
  "precision",
  "targets",
])("the published sweep %s", (name) => {
  it("has tuned the learning rate in fp32 for every size, with an optimum inside its list", async () => {
    const sizes = await bySize(name);
    expect(sizes.size).toBeGreaterThan(0);
    for (const [size, records] of sizes) {
      const tuned = tuning(records);
      const best = tuned.findIndex(({loss}) => loss === Math.min(...tuned.map(({loss}) => loss)));
      expect(best, size).toBeGreaterThan(0);
      expect(best, size).toBeLessThan(tuned.length - 1);
    }
  });

  it("has the best learning rate of their size for all other runs, beside which some have another, too", async () => {
    for (const [size, records] of await bySize(name)) {
      const tuned = tuning(records);
      const {learningRate} = tuned.reduce((best, run) => (run.loss < best.loss ? run : best));
      const rates = new Map<string, number[]>();
      for (const {settings} of records) {
        const {learningRate: rate, ...others} = settings;
        const key = JSON.stringify(others);
        rates.set(key, [...(rates.get(key) ?? []), rate]);
      }
      for (const rate of rates.values()) expect(rate, size).toContain(learningRate);
    }
  });
});

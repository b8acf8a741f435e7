import {readFileSync, writeFileSync} from "node:fs";
import {join} from "node:path";
import {expect, it} from "vitest";
import {settingsFile} from "../../docs/components/run-details.js";
import type {SweepInfo, SweepRow} from "../../docs/components/sweep-info.js";
import {sweepRuns} from "../../docs/components/sweep-run.js";
import {headingComment, sweepInfo} from "../../loaders/sweep-index.js";
import {publishedSweep} from "../../loaders/sweep-records.js";
import {sweepTable} from "../../loaders/sweep-table.js";
import {plan} from "../../src/sweeps/plan.js";
import {parsePreset} from "../../src/sweeps/preset.js";
import {publishedNames} from "../../src/sweeps/published-sweep.js";
import {settingsChoices} from "../../src/sweeps/settings-choices.js";
import {packageFolder} from "../../src/training/folders.js";
import type {RunRecord} from "../../src/training/run-record.js";
import {settingsParser} from "../../src/training/run-settings-schema.js";
import {parseYaml} from "../../src/training/yaml-source.js";
import {temporaryFolder} from "../support/temporary-folder.js";

const record = (changes: object = {}): RunRecord =>
  ({
    ...{id: "ab", engine: "e", parameters: 10, tokens: 20, finalHeldOutLoss: 1, floor: null, diverged: null},
    ...{weightHash: "h", timing: {seconds: 3, tokensPerSecond: 1}, postTraining: []},
    settings: {recipe: "fp8", steps: 250, seed: 1},
    trainingLoss: Array.from({length: 250}, (_, i) => i),
    ...changes,
  }) as unknown as RunRecord;

const rowsOf = (...records: RunRecord[]) => sweepTable(records).objects() as unknown as SweepRow[];

it("sweepTable(records) thins curves to a hundred points, each the mean of its steps", () => {
  const [{curve, curve_steps}] = rowsOf(record());
  expect(curve_steps).toBe(3);
  expect(curve).toHaveLength(84);
  expect([curve[0], curve[1], curve[83]]).toEqual([1, 4, 249]);
  expect(rowsOf(record({trainingLoss: []}))[0].curve).toHaveLength(0);
});

it("sweepTable(records) have a column for each setting that differs, and a row for each way to quantize", () => {
  const rows = rowsOf(
    record({settings: {recipe: "fp8", steps: 10, lossScale: "recipe"}}),
    record({
      settings: {recipe: "fp8", steps: 10, lossScale: 2048},
      postTraining: [
        {cast: "int4 row", method: "nearest", heldOutLoss: 2},
        {cast: "int4 row", method: "gptq", heldOutLoss: 1.5},
      ],
    }),
  ) as (SweepRow & {lossScale: string; recipe?: string})[];
  expect(rows.map(({lossScale}) => JSON.parse(lossScale))).toEqual(["recipe", 2048, 2048, 2048]);
  expect(rows[0].recipe).toBeUndefined();
  expect(rows.map((row) => row.after_training)).toEqual(["", "", "int4 row", "gptq int4 row"]);
  expect(rows.map((row) => row.held_out_loss)).toEqual([1, 1, 2, 1.5]);
});

it("headingComment(file) is what stands at its head, without the line for editors", () => {
  const file = join(temporaryFolder(), "a.yaml");
  writeFileSync(
    file,
    "# yaml-language-server: $schema=schema.json\n# What is asked,\n# and how.\n#\n# After a paper.\n\n# not this\nseed: 1\n",
  );
  expect(headingComment(file)).toBe("What is asked,\nand how.\n\nAfter a paper.");
});

it("every published sweep is attached by the page, and its runs can be repeated from their settings files", async () => {
  const page = readFileSync(join(packageFolder, "docs/sweeps.md"), "utf8");
  const choices = settingsChoices();
  const parse = settingsParser(choices);
  for (const name of publishedNames()) {
    expect(page).toContain(`FileAttachment("./loaders/sweeps/${name}.arrow")`);
    const records = await publishedSweep(name, parse);
    const info = sweepInfo(name, records, {planned: [], parse}) as unknown as SweepInfo;
    expect(info.comment, name).not.toBe("");
    const runs = sweepRuns(rowsOf(...records), info);
    // Some of them: every one would take as long as to plan them all.
    const some = records.filter((_, i) => i % Math.ceil(records.length / 12) === 0);
    for (const {id, settings} of some) {
      const run = runs.find((other) => other.id === id)!;
      expect(run.settings).toEqual(settings);
      const source = parseYaml(settingsFile(run, info), "run.yaml");
      expect(plan(parsePreset("run", source), [], choices)).toEqual([settings]);
    }
  }
});

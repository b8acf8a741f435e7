import {expect, it} from "vitest";
import {datasetRuns} from "../../loaders/dataset.js";
import {repeatedRuns, repeatedSweeps} from "../../loaders/repeated-runs.js";
import {publishedRecords} from "../../src/sweeps/published.js";
import {publishedNames} from "../../src/sweeps/published-sweep.js";
import {runCost, vocabularySize} from "../../src/sweeps/run-cost.js";
import type {RunRecord} from "../../src/training/run-record.js";

const name = "precision";
const records: RunRecord[] = [];
for await (const record of publishedRecords(name)) records.push(record);
const found = (given: readonly RunRecord[]) =>
  repeatedRuns(given).sweeps.find((sweep) => sweep.name === name)!.repeated!;

it("repeatedSweeps() are published and have a quick size, whose runs the dataset asks for", () => {
  expect(publishedNames()).toEqual(expect.arrayContaining(repeatedSweeps()));
  expect(repeatedSweeps()).toContain(name);
  expect(repeatedSweeps()).not.toContain("activations");
  const all = datasetRuns("reproduce.json");
  expect(all.length).toBeGreaterThan(20);
  expect(
    datasetRuns("reproduce.json", [`${name}.seed=7`]).filter(({seed}) => seed === 7).length,
  ).toBeGreaterThan(5);
});

it("repeatedSweeps() repeat so little that a site is built in minutes", () => {
  const operations = datasetRuns("reproduce.json").map((run) => runCost(run, vocabularySize(run)).operations);
  expect(operations.reduce((sum, value) => sum + value)).toBeLessThan(1e12);
  expect(Math.max(...operations)).toBeLessThan(1e11);
});

it("repeatedRuns(records) compares weights, run by run", () => {
  const same = found(records);
  expect(same.runs).toBeGreaterThan(5);
  expect(same).toMatchObject({equal: same.runs, differing: []});
  const asked = new Set(datasetRuns("reproduce.json").map((settings) => JSON.stringify(settings)));
  const changed = records.find(({settings}) => asked.has(JSON.stringify(settings)))!;
  const other = found(records.map((record) => (record === changed ? {...record, weightHash: "0"} : record)));
  expect(other).toMatchObject({runs: same.runs, equal: same.runs - 1, differing: [changed.id]});
});

it("repeatedRuns(records) says what each published sweep cost, also of those that are not repeated", () => {
  const {sweeps} = repeatedRuns([]);
  expect(sweeps.map((sweep) => sweep.name)).toEqual(publishedNames());
  for (const sweep of sweeps) expect(sweep.coreSeconds).toBeGreaterThan(0);
  expect(sweeps.find((sweep) => sweep.name === name)?.repeated).toMatchObject({runs: 0, equal: 0});
});
